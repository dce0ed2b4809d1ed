import { AfstatsdModule } from '@afstatsd/nestjs';
import { Module } from '@nestjs/common';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';

/** AfstatsdModule records the requests, and flushes when the application is closed. */
@Module({
  imports: [AfstatsdModule.forRoot()],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class AppModule {}
