// node examples/decorators-standard/dist/src/main.js: sends a few mails with a class whose methods are decorated.
//
// Standard decorators need no compiler option. The metrics go to the collector on this machine (npx @afstatsd/collector), or
// to where AFSTATSD_URL says.
import { setTimeout as delay } from 'node:timers/promises';
import { Statsd } from '@afstatsd/core';
import { instrumentedMethods } from '@afstatsd/decorators';
import { Mailer } from './mailer.js';

async function main(): Promise<void> {
  const mailer = new Mailer(async (mail) => {
    await delay(2); // the mail server
    if (mail.text === '') throw new Error('refused: the mail is empty');
  });
  mailer.queue({ to: 'anna@shop.example', kind: 'receipt', text: 'You paid 49.99' });
  mailer.queue({ to: 'ben@shop.example', kind: 'newsletter', text: 'New shoes' });
  mailer.queue({ to: 'chloe@shop.example', kind: 'newsletter', text: '' });
  mailer.queue({ to: 'dave', kind: 'newsletter', text: 'New shoes' });
  console.log(`${await mailer.sendAll()} mails failed`);

  mailer.queue({ to: 'anna@shop.example', kind: 'newsletter', text: 'For tomorrow' });

  // What a dashboard can be made from. `#private` methods aren't listed.
  for (const { member, metrics } of instrumentedMethods(Mailer)) {
    console.log(`${String(member)}: ${metrics.map(({ type, name }) => `${type} ${name}`).join(', ')}`);
  }

  // A mailer is polled for as long as it is used: this one until here.
  await Statsd.flush();
  console.log(`${mailer.waiting} mail waits`);
}

void main();
