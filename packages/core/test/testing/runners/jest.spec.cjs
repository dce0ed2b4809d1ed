require('./tests.cjs')({ expect, test, describe, beforeEach, afterEach, timers: jest });
