// Preloaded: a timer of 10 s takes 100 ms, for packages that are loaded later.
import timers from 'node:timers';

const { setTimeout } = timers;
(timers as { setTimeout: unknown }).setTimeout = (call: () => void, ms: number) => setTimeout(call, ms / 100);
