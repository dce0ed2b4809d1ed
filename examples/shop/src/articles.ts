/** What the shop sells: the price of each article, in cents. */
export const ARTICLES: ReadonlyMap<string, number> = new Map([
  ['boots', 12_900],
  ['coat', 19_900],
  ['hat', 2_499],
  ['scarf', 1_999],
  ['socks', 799],
]);
