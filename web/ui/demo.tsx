import { Button } from '@mantine/core'
import { useState } from 'react'
import { answer, api } from './api.ts'
import { useCompany } from './company.ts'
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
  const [error, setError] = useState<unknown>(null)
  if (company.data?.demo !== true) return null
  const enter = async (as: 'ana' | 'ben' | 'pia') => {
    try {
      const { room } = await answer(api.POST('/api/v1/demo/sessions', { body: { as } }))
      window.location.assign(rooms[room])
    } catch (refused) {
      setError(refused)
    }
  }
  return (
    <section className="demo-doors" aria-labelledby="demo-doors">
      <h2 id="demo-doors">{t('demo.title')}</h2>
      <p>{t('demo.text')}</p>
      <div className="row">
        {(['ana', 'ben', 'pia'] as const).map(person => (
          <Button key={person} variant="default" onClick={() => void enter(person)}>
            {t(`demo.${person}`)}
          </Button>
        ))}
      </div>
      {error === null ? null : <Failure error={error} />}
    </section>
  )
}
