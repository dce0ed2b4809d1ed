/** The environment of a reader without settings of afstatsd's, and with those that are given. */
export function cleanEnvironment(settings) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AFSTATSD_'));
  return { ...Object.fromEntries(inherited), ...settings };
}
