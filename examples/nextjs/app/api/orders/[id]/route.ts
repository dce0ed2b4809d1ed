import { recordedRoute } from '../../../../lib/recorded';

interface Context {
  readonly params: Promise<{ readonly id: string }>;
}

export const GET = recordedRoute('/api/orders/[id]', async (_request, { params }: Context) => {
  const { id } = await params;
  if (!/^\d+$/.test(id)) return Response.json({ error: 'no such order' }, { status: 404 });
  return Response.json({ id: Number(id) });
});
