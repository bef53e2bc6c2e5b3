import { Button } from '@mantine/core'
import { answer, api } from './api.ts'
import { useCompany } from './company.ts'
import { useOnce } from './once.ts'
import { Failure } from './states.tsx'
import { useWording } from './wording.ts'

const rooms = { portal: '/', work: '/work', office: '/office' } as const

/** On every page of a demo: that it is one. */
export function DemoBanner() {
  const { t } = useWording()
  const company = useCompany()
  if (company.data?.demo !== true) return null
  return (
    <aside className="demo-banner" aria-label="Demo">
      {t('demo.banner')}
    </aside>
  )
}

/** One click to be Ana, Ben or Pia; shown in a demo only. */
export function DemoSignIn() {
  const { t } = useWording()
  const company = useCompany()
  const enter = useOnce({
    mutationFn: (as: 'ana' | 'ben' | 'pia') => answer(api.POST('/api/v1/demo/sessions', { body: { as } })),
    onSuccess: ({ room }) => window.location.assign(rooms[room]),
  })
  if (company.data?.demo !== true) return null
  return (
    <section className="demo-doors" aria-labelledby="demo-doors">
      <h2 id="demo-doors">{t('demo.title')}</h2>
      <p>{t('demo.text')}</p>
      <div className="row">
        {(['ana', 'ben', 'pia'] as const).map(person => (
          <Button
            key={person}
            variant="default"
            loading={enter.isPending && enter.variables === person}
            disabled={enter.isPending}
            onClick={() => enter.mutate(person)}
          >
            {t(`demo.${person}`)}
          </Button>
        ))}
      </div>
      {enter.isError ? <Failure error={enter.error} /> : null}
    </section>
  )
}
