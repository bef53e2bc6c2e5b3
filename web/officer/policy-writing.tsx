import { Button, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, asProblem, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'
import { type PolicyChange, PolicyChanges } from './policy-changes.tsx'
import { PolicyFailure } from './policy-failure.tsx'

/**
 * Writing new rules, from those in force: what they would change is shown before they can be proposed, and for the very text
 * that is proposed. What was typed stays whatever the server says.
 */
export function PolicyWriting({
  inForce,
  blocked,
}: {
  inForce: Pick<Reply<'/api/v1/office/policies'>, 'version' | 'text'>
  blocked: boolean
}) {
  const { t } = useWording()
  const questions = useQueryClient()
  const [text, setText] = useState(inForce.text)
  const [previewed, setPreviewed] = useState<{ text: string; changes: PolicyChange[] } | null>(null)
  const preview = useOnce({
    mutationFn: (asked: string) =>
      answer(api.POST('/api/v1/office/policies/previews', { body: { text: asked } })),
    onMutate: () => tell(null),
    onSuccess: ({ changes }, asked) => setPreviewed({ text: asked, changes }),
  })
  const propose = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/office/policies', { body: { text, after: inForce.version } })),
    onMutate: () => tell(null),
    onSuccess: async () => {
      tell(t('office.policies.proposed'))
      setPreviewed(null)
      await questions.invalidateQueries({ queryKey: ['policies'] })
    },
  })
  const fresh = previewed?.text === text
  const change = (next: string) => {
    setText(next)
    preview.reset()
    propose.reset()
  }
  return (
    <Section title={t('office.policies.change')}>
      <div className="form policy-writing">
        <Textarea
          label={t('office.policies.label')}
          description={t('office.policies.changeText')}
          value={text}
          onChange={event => change(event.currentTarget.value)}
          autosize
          minRows={12}
          maxRows={30}
          spellCheck={false}
          classNames={{ input: 'policy-text' }}
        />
        {preview.isError ? <Faults error={preview.error} /> : null}
        {fresh ? <PolicyChanges changes={previewed.changes} /> : null}
        {propose.isError ? <PolicyFailure error={propose.error} /> : null}
        {blocked ? <p className="caption">{t('office.policies.first')}</p> : null}
        <div className="row">
          <Button
            variant={fresh ? 'default' : 'filled'}
            loading={preview.isPending}
            onClick={() => preview.mutate(text)}
          >
            {t('office.policies.preview')}
          </Button>
          {fresh && !blocked && text !== inForce.text ? (
            <Button loading={propose.isPending} onClick={() => propose.mutate()}>
              {t('office.policies.propose')}
            </Button>
          ) : null}
          {text === inForce.text ? null : (
            <Button variant="subtle" onClick={() => change(inForce.text)}>
              {t('office.policies.reset')}
            </Button>
          )}
        </div>
      </div>
    </Section>
  )
}

/** What is wrong with a text, each fault as the server says it: in the language that policies are written in. */
function Faults({ error }: { error: unknown }) {
  const { t } = useWording()
  const { faults } = asProblem(error).detail
  if (!Array.isArray(faults)) return <PolicyFailure error={error} />
  return (
    <div role="alert" className="failure">
      <p className="failure-title">{t('office.policies.faults')}</p>
      <ul lang="en">
        {faults.map(fault => (
          <li key={String(fault)}>{String(fault)}</li>
        ))}
      </ul>
    </div>
  )
}
