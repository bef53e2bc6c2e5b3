/** How a task ended. The Italian file has the same shape. */
export const outcomes = {
  answered: 'Answered',
  no_answer_needed: 'No answer was needed',
  same: 'They are one person',
  not_same: 'They are two people',
  cannot_say: 'It cannot be said',
  proven: 'Two people saw the document',
  not_proven: 'The second person did not see the same',
  not_shown: 'The customer showed no document',
  not_acceptable: 'What was shown proves nothing',
  customer_told: 'The customer was told and will say what is right',
  not_reached: 'The customer could not be reached',
  settled: 'The customer has settled it',
}

export type OutcomeWords = typeof outcomes
