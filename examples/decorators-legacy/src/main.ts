// node examples/decorators-legacy/dist/src/main.js: runs a few commands on a class whose methods are decorated.
//
// Compiled with experimentalDecorators and emitDecoratorMetadata, as for NestJS, TypeORM or Angular. The metrics go to the
// collector on this machine (npx @afstatsd/collector), or to where AFSTATSD_URL says.
import { Statsd } from '@afstatsd/core';
import { call } from './command.js';
import { Library } from './library.js';

const commands = [
  ['lend', 'Emma', '14'],
  ['lend', 'Emma', '14'],
  ['lend', 'Dracula', '7'],
  ['giveBack', 'Emma', '3'],
  ['giveBack', 'Ulysses', '0'],
  ['lend', 'Emma', '28'],
];

async function main(): Promise<void> {
  const library = new Library(['Emma', 'Dracula', 'Ulysses']);
  for (const [name = '', ...args] of commands) {
    try {
      call(library, name, args);
    } catch (error) {
      console.log(`${name}: ${(error as Error).message}`);
    }
  }
  console.log(`Ulysses is ${library.has('Ulysses') ? '' : 'not '}there`);

  // A library is polled for as long as it is used: this one until here.
  await Statsd.flush();
  console.log(`${library.onLoan} books are on loan`);
}

void main();
