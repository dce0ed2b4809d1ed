// What each program makes, whatever it was compiled with.

const timed = (place, name = place) => `@Timed ${place}: ${name}, ${name}.errors`;

export const sample = {
  results: ['paid book', 3, 4, 1, 2, true],
  counts: {
    'timer ecommerce.checkout': 1,
    'timer Outlet.search': 1,
    'timer Shop.search': 1,
    'timer Shop.open': 1,
    'timer Shop.pay': 1,
    'counter Shop.pay.errors': 1,
    'timer Shop.pages': 1,
    'timer Shop.order': 1,
    'counter orders': 1,
    'gauge order.items': 4,
    'counter Shop.visit': 2,
    'gauge Shop.size': 3,
    'timer Stock.take': 1,
    'timer Stock.count': 1,
    'counter Stock.count': 1,
    'timer Stock.audit': 1,
  },
  instrumented: [
    timed('Outlet.search'),
    timed('Shop.checkout', 'ecommerce.checkout'),
    timed('Shop.search'),
    '@Counted Shop.visit: Shop.visit',
    '@Gauge Shop.size: Shop.size',
    timed('Shop.pay'),
    timed('Shop.pages'),
    '@Gauge Shop.order: order.items',
    '@Counted Shop.order: orders',
    timed('Shop.order'),
    '@Timed static Shop.open: Shop.open, Shop.open.errors',
    timed('Stock.take'),
    '@Counted Stock.count: Stock.count',
    timed('Stock.count'),
    '@Timed static Stock.audit: Stock.audit, Stock.audit.errors',
  ],
};

export const computedName = {
  results: [-5],
  counts: { 'counter Till.refund': 1 },
  instrumented: ['@Counted Till.Symbol(refund): Till.refund'],
};

/** @param className - the name that the compiled class has */
export const privateMembers = (className = 'Cart') => ({
  results: [10, 'book'],
  counts: {
    [`timer ${className}.#make`]: 1,
    [`timer ${className}.#total`]: 1,
    [`counter ${className}.#first`]: 1,
    [`gauge ${className}.size`]: 2,
  },
  instrumented: [`@Gauge ${className}.size: ${className}.size`],
});

/** What is left of it where nothing private is decorated, and nobody tells of new instances. */
export const nothingPrivate = { ...privateMembers(), counts: {} };

export const metadata = {
  results: [['Book'], ['Book', 'Number'], 'Promise', 'Number'],
  counts: { 'timer Shelf.add': 1, 'counter Shelf.add': 1, 'gauge Shelf.size': 3 },
  instrumented: ['@Counted Shelf.add: Shelf.add', timed('Shelf.add'), '@Gauge Shelf.size: Shelf.size'],
};

export const noMetadata = { ...metadata, results: [null, null, null, null] };
