export const duplicates = {
  title: 'Customers who may be here twice',
  text: 'A search compares customers who agree to be served, and makes each likely pair a task for one employee. Whoever was compared sees it in their own record. Here are numbers, never people.',
  waiting: 'Waiting for a decision',
  same: 'One person',
  not_same: 'Two people',
  cannot_say: 'Could not be said',
  merged: 'Made one by their person, for now',
  search: 'Look for duplicates',
  asked: 'The search was begun. Likely pairs appear among the tasks.',
}
