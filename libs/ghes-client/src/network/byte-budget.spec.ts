import { describe, expect, it } from '@jest/globals';
import { ByteBudget, ResponseBudgets } from './byte-budget.js';

describe('ByteBudget', () => {
  it('takes bytes up to its limit, and again after a release', () => {
    const budget = new ByteBudget(10);
    expect([budget.tryTake(6), budget.tryTake(5), budget.tryTake(4)]).toEqual([true, false, true]);
    budget.release(6);
    expect(budget.tryTake(6)).toBe(true);
  });

  it('takes nothing if its parent has too few bytes free', () => {
    const parent = new ByteBudget(10);
    const [first, second] = [new ByteBudget(8, parent), new ByteBudget(8, parent)];
    expect([first.tryTake(8), second.tryTake(3), second.tryTake(2)]).toEqual([true, false, true]);
    first.release(8);
    expect(second.tryTake(6)).toBe(true);
  });
});

describe('the budgets of a process', () => {
  it('attack: the servers of one organization cannot use the bytes of another one', () => {
    const budgets = new ResponseBudgets({ processBytes: 100, organizationBytes: 60 });
    const [acme, again, globex] = ['acme', 'acme', 'globex'].map((id) => budgets.of(id).bytes);
    const connection = new ByteBudget(50, acme);
    expect(connection.tryTake(50)).toBe(true);
    expect(again?.tryTake(20)).toBe(false);
    expect(globex?.tryTake(50)).toBe(true);
    expect(again?.tryTake(10)).toBe(false);
    connection.release(50);
    expect(again?.tryTake(20)).toBe(true);
  });
});
