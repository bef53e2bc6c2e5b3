export const twice = {
  title: 'Are you here twice?',
  text: 'On {{when}} an employee compared your record with another one and thinks that both are yours. Nothing was joined and nobody sees more because of it. If both are yours, you alone can make them one.',
  one: 'Yes, make them one',
  notMe: 'No, the other is not me',
  thanks: 'Noted. You count as two people, and nobody will be asked again.',
  objected: 'You or the other person said on {{when}} that another record here is not yours.',
}
