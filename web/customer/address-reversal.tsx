import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, asProblem } from '../ui/api.ts'
import { useOnce } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { takeToken } from './link.tsx'
import { portalSessionQuery } from './session.ts'

/** Where the letter to the address before leads: nothing happens before somebody presses the button. */
export function AddressReversalPage() {
  const { t, language } = useWording()
  const questions = useQueryClient()
  const [token] = useState(takeToken)
  const reverse = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/address-reversals', { body: { token, language } })),
    // Whoever was signed in here is not any more.
    onSuccess: () => questions.invalidateQueries({ queryKey: portalSessionQuery.queryKey }),
  })
  const problem = reverse.isError ? asProblem(reverse.error) : null
  if (token === '' || problem?.status === 404 || problem?.status === 400)
    return (
      <Page title={t('portal.proof.confirm.none')} narrow>
        <p role="alert">{t('portal.proof.confirm.noneText')}</p>
      </Page>
    )
  return (
    <Page title={t('portal.address.reversal.title')} narrow>
      {reverse.isSuccess ? (
        <>
          <p role="status">{t('portal.address.reversal.done')}</p>
          <p>
            <Link to="/sign-in">{t('portal.address.reversal.signIn')}</Link>
          </p>
        </>
      ) : (
        <>
          <p>{t('portal.address.reversal.lead')}</p>
          {problem === null ? null : problem.detail.taken === true ? (
            <p role="alert" className="failure">
              {t('portal.address.reversal.taken')}
            </p>
          ) : (
            <Failure error={problem} />
          )}
          <Button color="danger" loading={reverse.isPending} onClick={() => reverse.mutate()}>
            {t('portal.address.reversal.act')}
          </Button>
        </>
      )}
    </Page>
  )
}
