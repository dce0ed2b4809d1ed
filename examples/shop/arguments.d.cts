/** How the demo is run. */
export interface Options {
  /** How long to run, in ms; Infinity until Ctrl-C. */
  readonly duration: number;
  readonly help: boolean;
}

/** The text of `--help`. */
export declare const USAGE: string;

/** @throws Error whose message tells the user what is wrong with the arguments. */
export declare function readArguments(args: readonly string[]): Options;
