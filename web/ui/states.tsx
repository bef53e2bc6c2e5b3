import { Button, Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { asProblem } from './api.ts'
import { useWording } from './wording.ts'

/** Shows a question to the server in each of its states; `children` only once there is an answer. */
export function Answered<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <Failure error={query.error} again={() => void query.refetch()} />
  return <Waiting />
}

export function Waiting() {
  const { t } = useWording()
  return (
    <div className="state" role="status">
      <Loader size="sm" aria-hidden="true" />
      <span>{t('loading')}</span>
    </div>
  )
}

/** Nothing here, said so that it does not look broken. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <p>{children}</p>}
    </div>
  )
}

/** What went wrong, in words, and a way to try again where trying again can help. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const { t, sentenceOf } = useWording()
  const problem = asProblem(error)
  const pointless = problem.status >= 400 && problem.status < 429
  return (
    <div role="alert" className="failure">
      <p className="failure-title">{t('problem.title')}</p>
      <p>{sentenceOf(problem)}</p>
      {again === undefined || pointless ? null : (
        <Button variant="default" size="sm" mt="sm" onClick={again}>
          {t('again')}
        </Button>
      )}
    </div>
  )
}
