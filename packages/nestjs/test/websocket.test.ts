import 'reflect-metadata';
import { once } from 'node:events';
import { type Recorded, useCleanup, useClients } from '@afstatsd/testing';
import { Module, type Type, UseInterceptors } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { WsAdapter } from '@nestjs/platform-ws';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { AfstatsdInterceptor, AfstatsdModule } from '../src/index.js';
import { NEST_VERSION, useApps } from './support/apps.js';

@WebSocketGateway()
class ChatGateway {
  @SubscribeMessage('say')
  say(_client: unknown, text: string): object {
    if (text === '') throw new WsException('nothing said');
    return { event: 'said', data: text };
  }
}

describe('Handlers of a gateway', () => {
  const makeClient = useClients();
  const start = useApps();
  const later = useCleanup();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
  });

  const talkTo = async (gateway: Type): Promise<void> => {
    @Module({ imports: [AfstatsdModule.forRoot({ client: seen.statsd })], providers: [gateway] })
    class AppModule {}
    const { url } = await start(
      AppModule,
      'Express',
      (app) => void app.useWebSocketAdapter(new WsAdapter(app)),
    );
    const socket = new WebSocket(url.replace('http', 'ws'));
    later(() => socket.terminate());
    await once(socket, 'open');
    const answer = once(socket, 'message');
    socket.send(JSON.stringify({ event: 'say', data: 'hello' }));
    expect(JSON.parse(String((await answer)[0]))).to.deep.equal({ event: 'said', data: 'hello' });
    socket.send(JSON.stringify({ event: 'say', data: '' }));
  };
  const expected = {
    'timer websocket.message say success': 1,
    'timer websocket.message say failure': 1,
  };

  it('are timed by event, with @UseInterceptors', async () => {
    @UseInterceptors(AfstatsdInterceptor)
    @WebSocketGateway()
    class Intercepted extends ChatGateway {}
    await talkTo(Intercepted);
    await seen.becomes(expected);
  });

  // NestJS 11 calls no global interceptors for gateways.
  if (!NEST_VERSION.startsWith('11.')) {
    it('are timed by the module alone', async () => {
      await talkTo(ChatGateway);
      await seen.becomes(expected);
    });
  }
});
