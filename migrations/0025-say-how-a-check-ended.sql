-- A check of identity ends otherwise than a question: shown or not, proved or not. And data in doubt are settled by their
-- customer, whose word closes the task by which an employee had them open.

alter table task_closure drop constraint task_closure_outcome_check,
  add check (outcome in ('answered', 'no_answer_needed', 'same', 'not_same', 'cannot_say',
                         'proven', 'not_proven', 'not_shown', 'not_acceptable',
                         'customer_told', 'not_reached', 'settled'));
