// The storefront: Express. The demo starts it; by itself, beside the inventory:
//   INVENTORY=http://127.0.0.1:3001 PORT=3000 node examples/shop/dist/src/storefront/main.js
import { createServer } from 'node:http';
import { afstatsdExpress } from '@afstatsd/express';
import express from 'express';
import { serve } from '../service.js';
import { api } from './api.js';
import { Checkout } from './checkout.js';
import { InventoryClient } from './inventory-client.js';
import { Invoices } from './invoices.js';
import { pages } from './pages.js';

const inventory = new InventoryClient(process.env['INVENTORY'] ?? 'http://127.0.0.1:3001');
const invoices = new Invoices();

const app = express();
app.use(afstatsdExpress());
app.use(pages());
app.use('/api', api(new Checkout(inventory), invoices));

void serve(createServer(app), async () => [await invoices.close()]);
