import { Statsd } from '@afstatsd/core';
import type { ReactNode } from 'react';
import { placeOrder } from './actions';

/** Rendered for each request, so that each visit counts. */
export const dynamic = 'force-dynamic';

export default function Page(): ReactNode {
  Statsd.increment('visits');
  return (
    <form action={placeOrder}>
      <h1>Shop</h1>
      <input type="hidden" name="kind" value="book" />
      <button>Order a book</button>
    </form>
  );
}
