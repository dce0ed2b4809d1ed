/** Asks the inventory, over HTTP. */
export class InventoryClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @returns Whether there was one left. */
  async reserve(sku: string): Promise<boolean> {
    const status = await this.#post(`/stock/${sku}/reservations`);
    if (status !== 201 && status !== 409) throw new Error(`the inventory answered ${status}`);
    return status === 201;
  }

  async giveBack(sku: string): Promise<void> {
    const status = await this.#post(`/stock/${sku}/deliveries`, { units: 1 });
    if (status !== 204) throw new Error(`the inventory answered ${status}`);
  }

  async #post(path: string, body: object = {}): Promise<number> {
    const response = await fetch(this.#url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status;
  }
}
