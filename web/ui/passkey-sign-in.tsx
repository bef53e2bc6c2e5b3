import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { tell } from './notice.tsx'
import { useOnce } from './once.ts'
import { knowsPasskeys, showPasskey } from './passkey.ts'
import { type PasskeyRoom, passkeyCalls } from './passkey-calls.ts'
import { Failure } from './states.tsx'
import { useWording } from './wording.ts'

/** Signing in with a passkey: nothing is typed. Nothing where the browser knows none. */
export function PasskeySignIn({ room, onEntered }: { room: PasskeyRoom; onEntered?: () => void }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const enter = useOnce({
    mutationFn: async () => {
      const { askToEnter, enter } = passkeyCalls[room]
      await enter(await showPasskey(await askToEnter()))
      await questions.invalidateQueries({ queryKey: ['session', room] })
    },
    onMutate: () => tell(null),
    onSuccess: () => onEntered?.(),
  })
  if (!knowsPasskeys()) return null
  return (
    <div className="aside">
      {enter.isError ? <Failure error={enter.error} /> : null}
      <div className="row">
        <Button variant="default" loading={enter.isPending} onClick={() => enter.mutate()}>
          {t('passkeys.signIn')}
        </Button>
      </div>
    </div>
  )
}
