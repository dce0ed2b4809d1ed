/** The environment of a program that the demo starts: without what would configure it, but for the choice of a binding. */
export function environment(added: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('AFSTATSD_') || name === 'AFSTATSD_MQ_BINDING',
  );
  return { ...Object.fromEntries(kept), ...added };
}
