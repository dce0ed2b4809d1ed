'use server';

import { Statsd } from '@afstatsd/core';
import { recordedAction } from '../lib/recorded';

const order = recordedAction('order', async (form: FormData): Promise<void> => {
  Statsd.increment('orders', { tags: { kind: String(form.get('kind')) } });
});

export async function placeOrder(form: FormData): Promise<void> {
  await order(form);
}
