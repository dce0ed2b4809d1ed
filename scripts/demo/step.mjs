const STEPS = 3;
const INDENT = ' '.repeat('[1/3] '.length);

/**
 * Says what a step does, does it, and says how long it took.
 *
 * @param {number} number - of the step, from 1.
 * @param {string} what - it does.
 * @param {() => Promise<string | undefined>} act - resolves to the reason why there was nothing to do, if there was nothing.
 */
export async function step(number, what, act) {
  console.log(`[${number}/${STEPS}] ${what}`);
  const began = performance.now();
  const nothingToDo = await act();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${INDENT}${nothingToDo ?? `${seconds} s`}`);
}
