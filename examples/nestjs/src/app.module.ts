import { Statsd } from '@afstatsd/core';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';

@Module({ controllers: [OrdersController], providers: [OrdersService] })
export class AppModule implements OnApplicationShutdown {
  /** Called when the last request has been answered. Tests make several apps in one process, so the client isn't ended here. */
  async onApplicationShutdown(): Promise<void> {
    const { sent, pending } = await Statsd.flush({ timeout: 2000 });
    console.log(`${sent} samples sent, ${pending} pending`);
  }
}
