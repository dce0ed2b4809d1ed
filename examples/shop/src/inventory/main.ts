// The inventory: Fastify. The demo starts it; by itself: PORT=3001 node examples/shop/dist/src/inventory/main.js
import { ARTICLES } from '../articles.js';
import { serve } from '../service.js';
import { inventoryApp } from './app.js';
import { Stock } from './stock.js';

const UNITS_EACH = 40;

const app = inventoryApp(new Stock([...ARTICLES.keys()], UNITS_EACH));
void app.ready().then(() => serve(app.server));
