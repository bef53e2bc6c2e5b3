import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { Copy } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { checks, useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import { useProving } from './proving.tsx'

type Word = Reply<'/api/v1/portal/duplicates/{id}/merge-words', 'post'>
type Made = Reply<'/api/v1/portal/duplicates/{id}/merges', 'post'>

/**
 * Makes my two records one, in two rooms: in the one that shall go I am shown a word, in the one that shall stay I type it. Which
 * of the two this one is I choose here.
 */
export function MergingDialog({ task, onClose }: { task: string; onClose: () => void }) {
  const { t } = useWording()
  const [word, setWord] = useState<Word | null>(null)
  const [made, setMade] = useState<Made | null>(null)
  const questions = useQueryClient()
  const close = () => {
    if (made !== null) void questions.invalidateQueries()
    onClose()
  }
  return (
    <Dialog title={t('portal.merging.title')} onClose={close}>
      {made !== null ? (
        <MadeOne made={made} onClose={close} />
      ) : word !== null ? (
        <ShownWord word={word} onClose={close} />
      ) : (
        <>
          <p>{t('portal.merging.lead')}</p>
          <p>{t('portal.merging.how')}</p>
          <AskForWord task={task} onWord={setWord} />
          <TypeWord task={task} onMade={setMade} />
          <div className="row row-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  )
}

function AskForWord({ task, onWord }: { task: string; onWord: (word: Word) => void }) {
  const { t } = useWording()
  const prove = useProving()
  const ask = useOnce({
    mutationFn: () =>
      prove(() =>
        answer(
          api.POST('/api/v1/portal/duplicates/{id}/merge-words', {
            params: { path: { id: task } },
            body: {},
          }),
        ),
      ),
    onSuccess: onWord,
  })
  return (
    <section className="card">
      <h3>{t('portal.merging.goes')}</h3>
      <p>{t('portal.merging.goesText')}</p>
      {ask.isError ? <Failure error={ask.error} /> : null}
      <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
        {t('portal.merging.showWord')}
      </Button>
    </section>
  )
}

function ShownWord({ word, onClose }: { word: Word; onClose: () => void }) {
  const { t, hour } = useWording()
  return (
    <>
      <p>{t('portal.merging.wordText', { hour: hour(word.until) })}</p>
      <p className="code-line merge-word">
        <output aria-label={t('portal.merging.word')}>{word.word}</output>{' '}
        <Copy text={word.word} what={t('portal.merging.word')} />
      </p>
      <p className="warning">{t('portal.merging.wordWarning')}</p>
      <div className="row row-end">
        <Button onClick={onClose}>{t('portal.merging.close')}</Button>
      </div>
    </>
  )
}

function TypeWord({ task, onMade }: { task: string; onMade: (made: Made) => void }) {
  const { t } = useWording()
  const prove = useProving()
  const form = useForm({
    initialValues: { word: '' },
    validate: {
      word: (value: string) => checks.filled(value) ?? (lettersOf(value) < 12 ? 'merge_word' : null),
    },
  })
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ word }) => {
    const made = await prove(() =>
      answer(
        api.POST('/api/v1/portal/duplicates/{id}/merges', {
          params: { path: { id: task } },
          body: { word: word.trim() },
        }),
      ),
    )
    onMade(made)
  })
  return (
    <section className="card">
      <h3>{t('portal.merging.stays')}</h3>
      <p>{t('portal.merging.staysText')}</p>
      <form onSubmit={onSubmit} noValidate className="merge-form">
        {problem === null ? null : <Failure error={problem} />}
        <TextInput
          label={t('portal.merging.typed')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          {...field('word')}
        />
        <p className="caption-line">{t('portal.merging.staysWarning')}</p>
        <Button type="submit" loading={busy}>
          {t('portal.merging.make')}
        </Button>
      </form>
    </section>
  )
}

const lettersOf = (word: string): number => word.replace(/[^A-Za-z0-9]/g, '').length

/** The link is given once: who wants to see later what became of the other record keeps it. */
function MadeOne({ made, onClose }: { made: Made; onClose: () => void }) {
  const { t, day } = useWording()
  const link = `${window.location.origin}/destruction#${made.link}`
  return (
    <>
      <p role="status">{t('portal.merging.made', { until: day(made.until) })}</p>
      <h3>{t('portal.merging.linkTitle')}</h3>
      <p>{t('portal.merging.linkText')}</p>
      <p className="code-line">{link}</p>
      <div className="row row-end">
        <Copy text={link} what={t('portal.merging.linkName')} />
        <Button onClick={onClose}>{t('portal.merging.close')}</Button>
      </div>
    </>
  )
}
