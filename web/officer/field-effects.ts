import { differences } from './field-aspects.ts'
import type { Decided, Purpose } from './field-draft.ts'

export type EffectName =
  | ('joiningRequired' | 'joiningOptional' | 'portal' | 'silent' | 'stops' | 'nobody' | 'unchanged')
  | ('aimless' | 'told' | 'gone' | 'untold' | 'words' | 'renamed' | 'sealed')
  | ('sealing' | 'unsealing')
  | ('optionsGone' | 'limits' | 'level' | 'closed' | 'opened')

/** One thing that a decision will do, with the purposes or the options that it is about. */
export interface Effect {
  name: EffectName
  purposes?: Purpose[]
  options?: string[]
}

/** What saving `next` will do where `now` is decided: null for a field that is new. */
export function effectsOf(now: Decided | null, next: Decided): Effect[] {
  if (now !== null && differences(now, next).length === 0) return [{ name: 'unchanged' }]
  return [...asking(now, next), ...telling(now, next), ...answering(now, next)]
}

const effect = (when: boolean, name: EffectName, about: Omit<Effect, 'name'> = {}): Effect[] =>
  when ? [{ name, ...about }] : []

/** Who is asked from now on. */
function asking(now: Decided | null, next: Decided): Effect[] {
  const { asked, required } = next
  const otherwise = now?.asked !== asked || now.required !== required
  return [
    ...effect(asked === 'joining' && otherwise, required ? 'joiningRequired' : 'joiningOptional', {
      // Everybody who joins agrees to `service`; what serves another purpose is asked of who agrees to that.
      purposes: next.purposes.includes('service') ? [] : next.purposes,
    }),
    ...effect(asked === 'portal' && otherwise, 'portal'),
    ...effect(asked === 'no' && now !== null && now.asked !== 'no', 'stops'),
    ...effect(asked === 'no' && (now === null || now.asked === 'no'), 'silent'),
    ...effect(asked === 'portal' && next.editor !== 'customer', 'nobody'),
  ]
}

/** The purposes for which a notice names the field. */
const named = (decided: Decided | null): Purpose[] =>
  decided === null || decided.asked === 'no' ? [] : decided.purposes

/** What customers are told: a notice names fields by purpose and by their names, so these make a new one. */
function telling(now: Decided | null, next: Decided): Effect[] {
  if (next.purposes.length === 0) return effect(true, 'aimless')
  const added = named(next).filter(purpose => !named(now).includes(purpose))
  const gone = next.asked === 'no' ? [] : named(now).filter(purpose => !named(next).includes(purpose))
  const noticed = String(named(now)) !== String(named(next))
  const renamed = now !== null && isRenamed(now, next)
  const reworded = now !== null && !renamed && hasOtherOptions(now, next)
  const fewer = now !== null && optionsGone(now, next).length > 0
  return [
    ...effect(added.length > 0, 'told', { purposes: added }),
    ...effect(gone.length > 0, 'gone', { purposes: gone }),
    ...effect(renamed, named(next).length > 0 ? 'renamed' : 'words'),
    ...effect(reworded, 'words'),
    ...effect(
      !noticed && !renamed && !reworded && !fewer && !isMarkedAnew(now, next) && !isKeptOtherwise(now, next),
      'untold',
    ),
  ]
}

/** Whether what is sealed in the browser is another than before, which customers are told where they are asked. */
const isMarkedAnew = (now: Decided | null, next: Decided): boolean =>
  now !== null && now.sealed !== next.sealed

const codesOf = ({ options }: Decided): string[] => (options.options ?? []) as string[]

const optionsGone = (now: Decided, next: Decided): string[] =>
  codesOf(now).filter(code => !codesOf(next).includes(code))

const differ = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other)

/** Whether it is called or explained otherwise: then it is another question, which nobody has agreed to yet. */
const isRenamed = (now: Decided, next: Decided): boolean =>
  differ(now.label, next.label) || differ(now.help, next.help)

const isKeptOtherwise = (now: Decided | null, next: Decided): boolean =>
  now !== null && now.retention !== next.retention

const hasOtherOptions = (now: Decided, next: Decided): boolean =>
  codesOf(next).some(code => differ(now.option_labels[code], next.option_labels[code]))

/** What becomes of answers that were given, and of those that come. */
function answering(now: Decided | null, next: Decided): Effect[] {
  const asked = next.asked !== 'no'
  if (now === null) {
    return [...effect(next.sealed === true, 'sealed'), ...effect(next.level > 0 && asked, 'level')]
  }
  const gone = optionsGone(now, next)
  const limited = codesOf(next).length === 0 && JSON.stringify(now.options) !== JSON.stringify(next.options)
  return [
    ...effect(isMarkedAnew(now, next), next.sealed === true ? 'sealing' : 'unsealing'),
    ...effect(gone.length > 0, 'optionsGone', { options: gone }),
    ...effect(limited, 'limits'),
    ...effect(next.level > now.level && asked, 'level'),
    ...effect(now.editor === 'customer' && next.editor !== 'customer', 'closed'),
    ...effect(now.editor !== 'customer' && next.editor === 'customer', 'opened'),
  ]
}
