/** The three people of the sample company, all invented. Their addresses are the only way to know them by. */
export const demoPeople = {
  ana: { email: 'ana.conti@example.org', addressKind: 'email', room: 'portal' },
  ben: { email: 'ben.ferri@example.org', addressKind: 'employee-email', room: 'work' },
  pia: { email: 'pia.moretti@example.org', addressKind: 'employee-email', room: 'office' },
} as const

export type DemoPerson = keyof typeof demoPeople
