// node examples/testing/dist/src/main.js: a service that records metrics. Its tests are the subject of this example:
//
//   npm test    in this folder runs them, *.test.ts, on what npm run build made
import { Accounts } from './accounts.js';
import { sendNewsletter } from './newsletter.js';

async function main(): Promise<void> {
  const accounts = new Accounts();
  const names = ['anna', 'ben', 'anna'];
  const signedUp = names.filter((name) => accounts.signUp(name, 'free'));
  accounts.logOut('anna', 1500);
  const copies = await sendNewsletter(signedUp, async () => {});
  console.log(`${signedUp.length} accounts, ${copies} newsletters`);
}

void main();
