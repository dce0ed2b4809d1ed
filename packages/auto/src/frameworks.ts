let areLoaded = false;

/** A framework is loaded, whose part records the requests that it gets. */
export function frameworkLoaded(): void {
  areLoaded = true;
}

/** Whether requests may reach a framework, so that its part is to record them. */
export function areFrameworksLoaded(): boolean {
  return areLoaded;
}
