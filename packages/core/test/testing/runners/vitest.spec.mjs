import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import tests from './tests.cjs';

tests({ expect, test, describe, beforeEach, afterEach, timers: vi });
