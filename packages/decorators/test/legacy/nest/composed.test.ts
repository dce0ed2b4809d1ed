import { Counted, Timed } from '@afstatsd/decorators';
import { Controller, Get, applyDecorators } from '@nestjs/common';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';

describe('decorators that applyDecorators of NestJS composes', () => {
  const recorded = useRecorded();
  const { statsd } = recorded;
  const Endpoint = (path: string): MethodDecorator & ClassDecorator =>
    applyDecorators(Timed({ statsd }), Get(path), Counted({ statsd, on: 'success' }));

  @applyDecorators(Controller('orders'), Timed({ statsd }))
  class Orders {
    @Endpoint('all') all(): string {
      return 'all';
    }
    one(): string {
      return 'one';
    }
  }

  it('instrument the method and the class, though it ignores what they return', async () => {
    const orders = new Orders();
    expect([orders.all(), orders.one()]).to.deep.equal(['all', 'one']);
    expect(await recorded.counts()).to.deep.equal({
      'timer Orders.all': 1,
      'counter Orders.all': 1,
      'timer Orders.one': 1,
    });
    expect(Reflect.getMetadata('path', orders.all)).to.equal('all');
  });
});
