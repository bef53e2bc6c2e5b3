import { useComputedColorScheme } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { asProblem, Problem } from '../ui/api.ts'
import { typedOf } from '../ui/datum.ts'
import type { FromForm, Look, Terms, ToForm } from '../ui/intake-messages.ts'
import { tell } from '../ui/notice.tsx'
import type { Envelope } from '../ui/sealing.ts'
import { Failure, Waiting } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { forgetHandover, useHandover } from './handover.ts'
import { useRenewal, useReturn } from './own-data.ts'
import { useSaved } from './saved.ts'
import { portalSessionQuery } from './session.ts'
import type { Giving } from './value-form.tsx'
import { useSealing } from './writing.ts'

/**
 * The form of a value that is sealed: a page of its own in a frame whose origin is nobody's. What is typed there is out of
 * reach for every script of this page, which gets the envelope, carries it to the server, and says what became of it.
 */
export function SealedForm(giving: Giving) {
  // Before the frame: a browser tells nobody that a frame did not load.
  const there = useQuery({
    queryKey: ['intake-page'],
    queryFn: async () => {
      const reply = await fetch('/intake/', { method: 'HEAD' }).catch(() => null)
      if (reply?.ok !== true) throw new Problem('intake_closed', reply?.status ?? 0)
      return true
    },
    staleTime: 0,
    retry: false,
  })
  if (there.isError) return <Failure error={there.error} again={() => void there.refetch()} />
  if (there.isPending) return <Waiting />
  return <Frame {...giving} />
}

/** The form before it has said how high it is: about one line with its buttons. */
const firstHeight = 200

function Frame({ field, held, onDone }: Giving) {
  const { t, language } = useWording()
  const scheme = useComputedColorScheme('light')
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(firstHeight)
  const questions = useQueryClient()
  const handed = useHandover(field.code)
  const done = () => {
    forgetHandover(field.code)
    onDone()
  }
  const { take, answered, port } = useConversation({ field, held, onDone: done }, setHeight)
  const look: Look = { language, scheme }
  useEffect(() => {
    port.current?.postMessage({ say: 'look', look: { language, scheme } } satisfies ToForm)
  }, [port, language, scheme])

  const open = async () => {
    const window = frame.current?.contentWindow
    if (window == null || port.current !== null) return
    const { port1, port2 } = new MessageChannel()
    port.current = port1
    port1.onmessage = ({ data }: MessageEvent<FromForm>) => void take(data).catch(answered)
    const session = await questions.ensureQueryData(portalSessionQuery)
    const alias = session?.kind === 'customer' ? session.alias : ''
    const value = handed ?? typedOf(field, held ?? null, language)
    frame.current?.focus()
    // To nobody’s origin, which has no other name; only our own page may be framed (`frame-src`).
    window.postMessage({ say: 'open', look, field, value, alias } satisfies ToForm, '*', [port2])
  }
  return (
    <iframe
      ref={frame}
      className="sealed-frame"
      title={t('portal.data.sealedForm', { what: field.label[language] })}
      src="/intake/"
      sandbox="allow-scripts allow-forms"
      style={{ height, colorScheme: scheme }}
      onLoad={() => void open()}
    />
  )
}

/** Takes what the form says, one envelope for each set of terms, and tells it what became of it. */
function useConversation({ field, held, onDone }: Giving, setHeight: (pixels: number) => void) {
  const port = useRef<MessagePort | null>(null)
  const awaited = useRef<{ take: (envelope: Envelope) => void; refuse: (error: unknown) => void } | null>(
    null,
  )
  const returnFocus = useReturn()
  const renew = useRenewal()
  const seal = useSealing()
  const tellSaved = useSaved(field, held)

  const say = (message: ToForm) => port.current?.postMessage(message)
  const answered = (error: unknown) => {
    const { code, faults } = asProblem(error)
    say({ say: 'refused', code, faults })
  }
  /** The form seals under these terms, or says itself why it cannot. */
  const sealedThere = (terms: Terms) =>
    new Promise<Envelope>((take, refuse) => {
      awaited.current = { take, refuse }
      say({ say: 'terms', ...terms })
    })
  const send = async () => {
    tell(null)
    await seal(field, sealedThere)
    returnFocus(field.code)
    await renew()
    tellSaved()
    onDone()
  }
  const take = async (message: FromForm): Promise<void> => {
    if (message.say === 'height') setHeight(Math.min(message.pixels, 4_000))
    else if (message.say === 'sealed') awaited.current?.take(message.envelope)
    else if (message.say === 'wanted') await send()
    else if (message.say === 'leave') {
      returnFocus(field.code, { atOnce: true })
      onDone()
    }
  }
  return { port, take, answered }
}
