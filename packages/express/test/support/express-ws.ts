import type { Server } from 'node:http';
import type { Express } from 'express';
import type { WebSocket } from 'ws';

interface WithWs {
  ws(route: string, handle: (socket: WebSocket) => void): void;
}

/** express-ws has no types of its own. */
const install = require('express-ws') as (
  app: Express,
  server: Server,
  options: { readonly leaveRouterUntouched: boolean },
) => { readonly app: WithWs };

/** Lets an application answer WebSockets. */
export function expressWs(app: Express, server: Server): WithWs {
  return install(app, server, { leaveRouterUntouched: true }).app;
}
