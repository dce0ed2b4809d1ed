// node examples/cluster/dist/src/main.js: a server of two processes, each of which records with a Statsd of its own. What
// they record adds up at the receiver. Open the URL that it prints, then end it with Ctrl-C.
import cluster from 'node:cluster';
import { runPrimary } from './primary.js';
import { runWorker } from './worker.js';

if (cluster.isPrimary) runPrimary();
else runWorker();
