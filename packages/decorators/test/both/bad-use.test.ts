import { Counted, Gauge, Timed, instrumentedMethods } from '@afstatsd/decorators';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

/** A decorator as the compiler lets it stand anywhere. */
type Anywhere = (...args: unknown[]) => void;

/** What a class says of the place of a member: standard decorators don't know its class. */
const place = (member: string): string => (mode === 'standard' ? `"${member}"` : `Shop.${member}`);

describe(`bad use of a decorator is a TypeError as the class is defined (${mode} decorators)`, () => {
  for (const [name, decorator] of Object.entries({ Timed, Counted, Gauge })) {
    for (const [how, decorate] of [
      ['bare', decorator as unknown as Anywhere],
      ['with a name', (decorator as (name: string) => unknown)('x') as Anywhere],
    ] as const) {
      it(`@${name} ${how}, on a field`, () => {
        expect(() => {
          class Shop {
            @decorate items = 1;
          }
          void Shop;
        }).to.throw(
          TypeError,
          `@${name} can't decorate the field ${place('items')}: it is for methods, getters and classes`,
        );
      });

      it(`@${name} ${how}, on a setter`, () => {
        expect(() => {
          class Shop {
            @decorate set items(_value: number) {}
          }
          void Shop;
        }).to.throw(TypeError, `@${name} can't decorate the setter ${place('items')}`);
      });
    }

    it(`@${name} on a function`, () => {
      expect(() => (decorator as unknown as Anywhere)(() => {})).to.throw(
        TypeError,
        `@${name} is for methods, getters and classes`,
      );
      expect(() => ((decorator as (name: string) => unknown)('x') as Anywhere)(5)).to.throw(
        TypeError,
        `@${name}(…) stands in front of`,
      );
      expect(() => (decorator.skip as unknown as Anywhere)(class {})).to.throw(
        TypeError,
        `@${name}.skip stands in front of a method or getter`,
      );
    });

    const wrong: [what: string, args: unknown[], message: string][] = [
      ['a number as its name', [5], `the metric's name is not a string: 5`],
      ['null as its name', [null], `the metric's name is not a string: null`],
      ['a list of names', [['a', 'b']], `unknown option "0"`],
      ['an empty name', [''], `the metric's name is empty: ""`],
      ['a name that is too long', ['x'.repeat(513)], `the metric's name is longer than 512 bytes`],
      [
        'an unknown option',
        ['x', { tag: {} }],
        `unknown option "tag" (an object); there are tags, sampleRate, enabled, statsd`,
      ],
      ['options that are none', ['x', 'y'], `options must be an object; they are "y"`],
      [
        'tags that are none',
        [{ tags: ['a'] }],
        `option tags must be an object of strings, numbers and booleans, or a function; it is an array`,
      ],
      ['tags of objects', [{ tags: { a: {} } }], `option tags must be`],
      [
        'a sample rate that is none',
        [{ sampleRate: 2 }],
        `option sampleRate must be a number above 0 and up to 1; it is 2`,
      ],
      ['a client that is none', [{ statsd: {} }], `option statsd must be a client`],
      ['enabled as text', [{ enabled: 'yes' }], `option enabled must be true or false; it is "yes"`],
      ['the options of a class', [{ include: ['a'] }], `include and exclude are for a class`],
      ['too many arguments', ['x', {}, {}], `it takes a name and options, not 3 arguments`],
    ];
    for (const [what, args, message] of wrong) {
      it(`@${name} with ${what}`, () => {
        expect(() => {
          class Shop {
            @((decorator as unknown as (...args: unknown[]) => Anywhere)(...args)) checkout(): void {}
          }
          void Shop;
        })
          .to.throw(TypeError)
          .with.property('message')
          .that.includes(`@${name} on ${place('checkout')}: ${message}`);
      });
    }
  }

  const contradictions: [what: string, decorate: () => Anywhere, message: string][] = [
    [
      '@Gauge that is polled and in flight',
      () => Gauge({ poll: true, inFlight: true }),
      "inFlight and poll don't go together",
    ],
    ['@Gauge with combine alone', () => Gauge({ combine: 'max' }), 'combine needs poll'],
    [
      '@Gauge with a combine that is none',
      () => Gauge({ poll: true, combine: 'avg' as never }),
      'option combine must be one of sum, max, last; it is "avg"',
    ],
    [
      '@Gauge that is polled, with a tags function',
      () => Gauge({ poll: true, tags: () => ({}) }),
      'tags must be an object where the gauge is read at each flush',
    ],
    [
      '@Counted on what there is not',
      () => Counted({ on: 'error' as never }),
      `option on must be 'success' or 'failure'; it is "error"`,
    ],
    [
      '@Counted with a delta that is none',
      () => Counted({ delta: NaN }),
      'option delta must be a finite number, or a function; it is NaN',
    ],
    [
      '@Timed whose name leaves no room for .errors',
      () => Timed('x'.repeat(510)),
      `the metric's name is longer than 512 bytes`,
    ],
  ].map(
    ([what, decorate, message]) =>
      [what, decorate as () => Anywhere, message] as [string, () => Anywhere, string],
  );
  for (const [what, decorate, message] of contradictions) {
    it(what, () => {
      expect(() => {
        class Shop {
          @decorate() checkout(): void {}
        }
        void Shop;
      }).to.throw(TypeError, message);
    });
  }

  it('instrumentedMethods and Gauge.poll of what they are not for', () => {
    expect(() => instrumentedMethods({} as never)).to.throw(
      TypeError,
      'instrumentedMethods takes a class, not an object',
    );
    expect(() => Gauge.poll(5 as never)).to.throw(TypeError, 'Gauge.poll takes an object');
  });
});
