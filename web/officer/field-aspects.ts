import {
  type Decided,
  type DecidedField,
  decidedOf,
  draftOf,
  type FieldDraft,
  type OptionName,
} from './field-draft.ts'

/** What a decision is about, each part with the names under which it is sent and typed. */
const parts = {
  label: { sent: ['label'], typed: ['label_it', 'label_en'] },
  help: { sent: ['help'], typed: ['help_it', 'help_en'] },
  options: {
    sent: ['options', 'option_labels'],
    typed: ['longest', 'least', 'most', 'places', 'whole', 'country', 'choices'],
  },
  purposes: { sent: ['purposes'], typed: ['purposes'] },
  asked: { sent: ['asked', 'required'], typed: ['asked', 'required'] },
  editor: { sent: ['editor'], typed: ['editor'] },
  level: { sent: ['level'], typed: ['level'] },
  sensitive: { sent: ['sensitive'], typed: ['sensitive'] },
  sealed: { sent: ['sealed'], typed: ['sealed'] },
  reconfirm: { sent: ['reconfirm_days'], typed: ['reconfirm_days'] },
  retention: { sent: ['retention'], typed: ['retention_months'] },
} satisfies Record<string, { sent: (keyof Decided)[]; typed: (OptionName | keyof FieldDraft)[] }>

export type Aspect = keyof typeof parts
export const aspects = Object.keys(parts) as Aspect[]

/** What was decided, in the form in which decisions are compared. */
export const decisionOf = (field: DecidedField): Decided => decidedOf(draftOf(field))

/** The aspects in which two decisions differ. */
export const differences = (one: Decided, other: Decided): Aspect[] =>
  aspects.filter(aspect => said(one, aspect) !== said(other, aspect))

const said = (decided: Decided, aspect: Aspect): string =>
  JSON.stringify(parts[aspect].sent.map(name => decided[name]))

/** What was typed of one aspect. */
export const typedOf = (draft: FieldDraft, aspect: Aspect): Partial<FieldDraft> =>
  Object.fromEntries(parts[aspect].typed.map(name => [name, draft[name as keyof FieldDraft]]))
