import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../core/json.ts';
import { pythonRandom } from '../python-random.ts';
import type { Backend } from './backend.ts';
import { openFileSystem } from './file-system.ts';
import { openMathApi } from './math-api.ts';
import { openMessageApi } from './message-api.ts';
import { openPostingApi } from './posting-api.ts';
import { openTicketApi } from './ticket-api.ts';
import { openTradingBot } from './trading-bot.ts';
import { openTravelBooking } from './travel-booking.ts';
import { openVehicleControl } from './vehicle-control.ts';

/** Calls in order on one service: name, values and what must come back (`error` stands for any error). */
type Script = readonly (readonly [string, JsonObject, JsonObject | 'error'])[];

function play(backend: Backend, script: Script): void {
  for (const [name, values, expected] of script) {
    const before = JSON.stringify(backend.state());
    const result = backend.functions[name]?.(values);
    if (expected === 'error') {
      expect([name, values, Object.keys(result ?? {})]).toEqual([name, values, ['error']]);
      expect(JSON.stringify(backend.state())).toBe(before);
    } else expect([name, result]).toEqual([name, expected]);
  }
}

const file = (content: string): JsonObject => ({ type: 'file', content });
const folder = (contents: JsonObject): JsonObject => ({ type: 'directory', contents });

describe('the file system', () => {
  const open = (): Backend =>
    openFileSystem({
      root: {
        home: folder({
          'b.txt': file('two words\nb'),
          'a.txt': file('zeta\nalpha'),
          '.h': { type: 'file' },
          'c.md': file('b\na\na'),
          docs: folder({ 'x.md': file('x') }),
        }),
      },
    });

  it('walks, lists and reads', () => {
    play(open(), [
      ['pwd', {}, { current_working_directory: '/home' }],
      ['ls', {}, { current_directory_content: ['b.txt', 'a.txt', 'c.md', 'docs'] }],
      ['ls', { a: true }, { current_directory_content: ['b.txt', 'a.txt', '.h', 'c.md', 'docs'] }],
      ['cat', { file_name: 'a.txt' }, { file_content: 'zeta\nalpha' }],
      ['cat', { file_name: 'docs' }, 'error'],
      ['cat', { file_name: 'none' }, 'error'],
      ['sort', { file_name: 'a.txt' }, { sorted_content: 'alpha\nzeta' }],
      ['sort', { file_name: 'c.md' }, { sorted_content: 'a\na\nb' }],
      ['grep', { file_name: 'b.txt', pattern: 'wo' }, { matching_lines: ['two words'] }],
      ['tail', { file_name: 'a.txt', lines: 1 }, { last_lines: 'alpha' }],
      ['tail', { file_name: 'a.txt' }, { last_lines: 'zeta\nalpha' }],
      ['tail', { file_name: 'a.txt', lines: 0 }, { last_lines: 'zeta\nalpha' }],
      ['tail', { file_name: 'a.txt', lines: 1.5 }, 'error'],
      ['wc', { file_name: '.h' }, { count: 0, type: 'lines' }],
      ['find', { path: 'a.txt' }, 'error'],
      ['wc', { file_name: 'b.txt' }, { count: 2, type: 'lines' }],
      ['wc', { file_name: 'b.txt', mode: 'w' }, { count: 3, type: 'words' }],
      ['wc', { file_name: 'b.txt', mode: 'c' }, { count: 11, type: 'characters' }],
      ['wc', { file_name: 'b.txt', mode: 'x' }, 'error'],
      ['du', { human_readable: true }, { disk_usage: '27.00 B' }],
      ['du', {}, { disk_usage: '27 bytes' }],
      ['cat', { file_name: '.h' }, { file_content: '' }],
      ['diff', { file_name1: 'c.md', file_name2: '.h' }, { diff_lines: '- b\n+ ' }],
      ['diff', { file_name1: '.h', file_name2: 'c.md' }, { diff_lines: '- \n+ b' }],
      ['diff', { file_name1: 'c.md', file_name2: 'c.md' }, { diff_lines: '' }],
      ['diff', { file_name1: 'a.txt', file_name2: 'b.txt' }, { diff_lines: '- zeta\n+ two words\n- alpha\n+ b' }],
      ['find', { name: 'x' }, { matches: ['./b.txt', './a.txt', './docs/x.md'] }],
      ['find', { path: 'docs', name: 'None' }, { matches: ['docs/x.md'] }],
      ['find', { path: 'nowhere' }, 'error'],
      ['find', { path: 'a.txt/x' }, 'error'],
      ['cd', { folder: 'docs' }, { current_working_directory: 'docs' }],
      ['cd', { folder: '..' }, { current_working_directory: 'home' }],
      ['cd', { folder: '..' }, 'error'],
      ['cd', { folder: 'a.txt' }, 'error'],
      ['cd', { folder: '.' }, { current_working_directory: 'home' }],
      ['cd', { folder: '/' }, { current_working_directory: 'home' }],
    ]);
  });

  it('writes, moves, copies and removes', () => {
    const system = open();
    play(system, [
      ['mkdir', { dir_name: 'new' }, {}],
      ['mkdir', { dir_name: 'new' }, 'error'],
      ['mkdir', { dir_name: 'a/b' }, 'error'],
      ['touch', { file_name: 'c.txt' }, {}],
      ['touch', { file_name: 'c.txt' }, 'error'],
      ['echo', { content: 'hi' }, { terminal_output: 'hi' }],
      ['echo', { content: 'hi', file_name: 'c.txt' }, { terminal_output: null }],
      ['echo', { content: 'fresh', file_name: 'd.txt' }, 'error'],
      ['touch', { file_name: 'd.txt' }, {}],
      ['echo', { content: 'fresh', file_name: 'd.txt' }, { terminal_output: null }],
      ['echo', { content: 'hi', file_name: '' }, { terminal_output: 'hi' }],
      ['echo', { content: 'x', file_name: 'new' }, 'error'],
      ['echo', { content: 'x', file_name: '..' }, 'error'],
      ['cp', { source: 'c.txt', destination: 'new' }, { result: 'c.txt copied to new/c.txt' }],
      ['cp', { source: 'c.txt', destination: 'new' }, 'error'],
      ['cp', { source: 'c.txt', destination: 'e.txt' }, { result: 'c.txt copied to e.txt' }],
      ['cp', { source: 'none', destination: 'x' }, 'error'],
      ['mv', { source: 'e.txt', destination: 'a.txt' }, 'error'],
      ['mv', { source: 'e.txt', destination: 'a/b' }, 'error'],
      ['mv', { source: 'e.txt', destination: 'f.txt' }, { result: 'e.txt moved to f.txt' }],
      ['mv', { source: 'f.txt', destination: 'docs' }, { result: 'f.txt moved to docs/f.txt' }],
      ['rm', { file_name: 'a.txt' }, { result: 'a.txt removed' }],
      ['rm', { file_name: 'a.txt' }, 'error'],
      ['rmdir', { dir_name: 'docs' }, 'error'],
      ['rmdir', { dir_name: 'b.txt' }, 'error'],
      ['rm', { file_name: 'docs' }, { result: 'docs removed' }],
      ['touch', { file_name: 'big' }, {}],
      ['echo', { content: 'y'.repeat(2048), file_name: 'big' }, { terminal_output: null }],
      ['du', { human_readable: true }, { disk_usage: '2.02 KB' }],
    ]);
    expect(system.state()).toMatchObject({
      root: { home: folder({ 'd.txt': file('fresh'), new: folder({ 'c.txt': file('hi') }) }) },
    });
    expect(openFileSystem({}).state()).toEqual({ root: { root: folder({}) } });
    expect(openFileSystem({ root: { only: file('x') } }).state()).toEqual({ root: { only: folder({}) } });
  });
});

describe('mathematics', () => {
  it('calculates', () => {
    play(openMathApi(), [
      ['absolute_value', { number: -3 }, { result: 3 }],
      ['add', { a: 1, b: 2 }, { result: 3 }],
      ['subtract', { a: 1, b: 2 }, { result: -1 }],
      ['multiply', { a: 3, b: 2 }, { result: 6 }],
      ['divide', { a: 3, b: 2 }, { result: 1.5 }],
      ['divide', { a: 3, b: 0 }, 'error'],
      ['power', { base: 2, exponent: 10 }, { result: 1024 }],
      ['percentage', { part: 1, whole: 4 }, { result: 25 }],
      ['round_number', { number: 2.345, decimal_places: 1 }, { result: 2.3 }],
      ['round_number', { number: 2.6 }, { result: 3 }],
      ['logarithm', { value: 36, base: 6, precision: 4 }, { result: 2 }],
      ['square_root', { number: 5, precision: 3 }, { result: 2.236 }],
      ['square_root', { number: 5, precision: 0.5 }, { result: 2 }],
      ['square_root', { number: -2, precision: 3 }, 'error'],
      ['max_value', { numbers: [1, 3, 2] }, { result: 3 }],
      ['min_value', { numbers: [1, 3, 2] }, { result: 1 }],
      ['sum_values', { numbers: [1, 3, 2] }, { result: 6 }],
      ['mean', { numbers: [100, 95, 85, 90, 88, 92] }, { result: 550 / 6 }],
      ['mean', { numbers: [] }, 'error'],
      ['mean', { numbers: ['1'] }, 'error'],
      ['standard_deviation', { numbers: [2, 4] }, { result: 1 }],
      ['si_unit_conversion', { value: 2, unit_in: 'km', unit_out: 'm' }, { result: 2000 }],
      ['si_unit_conversion', { value: 2, unit_in: 'km', unit_out: 'kg' }, 'error'],
      ['si_unit_conversion', { value: 2, unit_in: 'mile', unit_out: 'kg' }, 'error'],
      ['imperial_si_conversion', { value: 1, unit_in: 'ft', unit_out: 'cm' }, { result: 30.48 }],
    ]);
  });
});

describe('messages', () => {
  it('need a user, and go to known users', () => {
    const workspace = openMessageApi({ inbox: [{ USR002: ['Hello'] }], user_count: 4 });
    play(workspace, [
      ['message_get_login_status', {}, { login_status: false }],
      ['view_messages_sent', {}, 'error'],
      ['message_login', { user_id: 'USR009' }, 'error'],
      ['message_login', { user_id: 'USR001' }, { login_status: true, message: 'USR001 is logged in' }],
      ['list_users', {}, { user_list: ['Alice', 'Bob', 'Catherine', 'Daniel'] }],
      ['get_user_id', { user: 'Bob' }, { user_id: 'USR002' }],
      ['get_user_id', { user: 'Zoe' }, 'error'],
      ['add_contact', { user_name: 'Kelly' }, { added_status: true, user_id: 'USR005', message: 'Kelly added' }],
      ['add_contact', { user_name: 'Kelly' }, 'error'],
      [
        'send_message',
        { receiver_id: 'USR005', message: 'Hi' },
        { sent_status: true, message_id: 4, message: 'sent to USR005' },
      ],
      ['send_message', { receiver_id: 'nobody', message: 'Hi' }, 'error'],
      ['view_messages_sent', {}, { messages: { USR002: [['Hello']], USR005: ['Hi'] } }],
      ['search_messages', { keyword: 'HI' }, { results: [{ receiver_id: 'USR005', message: 'Hi' }] }],
      ['get_message_stats', {}, { stats: { received_count: 2, total_contacts: 2 } }],
      [
        'delete_message',
        { receiver_id: 'USR005' },
        { deleted_status: true, receiver_id: 'USR005', message: 'deleted' },
      ],
      ['delete_message', { receiver_id: 'USR005' }, 'error'],
    ]);
    expect(workspace.state()).toMatchObject({
      current_user: 'USR001',
      user_count: 5,
      message_count: 4,
      inbox: [{ USR002: ['Hello'] }],
    });
    expect(openMessageApi({ current_user: 'x', user_map: { A: 'x' }, inbox: ['?'], message_count: 7 }).state()).toEqual(
      {
        user_map: { A: 'x' },
        inbox: [],
        current_user: 'x',
        user_count: 4,
        message_count: 7,
      },
    );
    const taken = openMessageApi({ user_map: { A: 'USR005' } });
    expect(taken.functions.add_contact?.({ user_name: 'B' })).toHaveProperty('error');
    expect(taken.functions.add_contact?.({ user_name: 'B' })).toMatchObject({ user_id: 'USR006' });
    const wide = openMessageApi({ current_user: 'x', inbox: [{ USR001: 'a', USR002: 'b' }, {}] });
    play(wide, [
      ['view_messages_sent', {}, { messages: { USR001: ['a'], '': [''] } }],
      ['delete_message', { receiver_id: 'USR002' }, 'error'],
    ]);
    expect(openMessageApi({}).state()).toMatchObject({ inbox: [{}, {}, {}], message_count: 3 });
  });
});

describe('posts', () => {
  it('need a login, and count on', () => {
    const account = openPostingApi({
      username: 'ann',
      password: 'p',
      tweets: {
        '0': { id: 0, username: 'ann', content: 'First #x', tags: ['#x'], mentions: [] },
        '3': { id: 3, username: 'bob', content: 'Quiet', tags: [], mentions: [] },
      },
      comments: { '0': [] },
      tweet_counter: 4,
      following_list: ['bob'],
    });
    const tweet = { id: 4, username: 'ann', content: 'Hi', tags: ['#a'], mentions: [] };
    play(account, [
      ['post_tweet', { content: 'Hi' }, 'error'],
      ['authenticate_twitter', { username: 'ann', password: 'q' }, { authentication_status: false }],
      ['posting_get_login_status', {}, { login_status: false }],
      ['authenticate_twitter', { username: 'ann', password: 'p' }, { authentication_status: true }],
      ['post_tweet', { content: 'Hi', tags: ['#a'] }, tweet],
      ['get_tweet', { tweet_id: 4 }, tweet],
      ['get_tweet', { tweet_id: 9 }, 'error'],
      ['retweet', { tweet_id: 4 }, { retweet_status: 'retweeted' }],
      ['retweet', { tweet_id: 4 }, { retweet_status: 'retweeted already' }],
      ['comment', { tweet_id: 4, comment_content: 'Nice' }, { comment_status: 'commented' }],
      ['get_tweet_comments', { tweet_id: 4 }, { comments: [{ username: 'ann', content: 'Nice' }] }],
      ['get_tweet_comments', { tweet_id: 0 }, { comments: [] }],
      ['get_tweet_comments', { tweet_id: 3 }, { comments: [] }],
      ['mention', { tweet_id: 0, mentioned_usernames: ['@b'] }, { mention_status: 'mentioned' }],
      ['follow_user', { username_to_follow: 'cat' }, { follow_status: true }],
      ['follow_user', { username_to_follow: 'cat' }, { follow_status: false }],
      ['unfollow_user', { username_to_unfollow: 'bob' }, { unfollow_status: true }],
      ['list_all_following', {}, { following_list: ['cat'] }],
      ['get_user_stats', { username: 'ann' }, { tweet_count: 2, following_count: 1, retweet_count: 1 }],
      ['get_user_stats', { username: 'eve' }, { tweet_count: 0, following_count: 0, retweet_count: 0 }],
      [
        'search_tweets',
        { keyword: '#X' },
        { matching_tweets: [{ id: 0, username: 'ann', content: 'First #x', tags: ['#x'], mentions: ['@b'] }] },
      ],
    ]);
    expect(account.functions.get_user_tweets?.({ username: 'ann' })).toMatchObject({ user_tweets: [{ id: 0 }, tweet] });
    expect(account.state()).toMatchObject({ tweet_counter: 5, retweets: { ann: [4] }, authenticated: true });
    expect(openPostingApi({ tweets: { '1': 'odd' } }).state()).toMatchObject({
      username: 'john',
      tweets: { '1': { id: 0, content: '' } },
      tweet_counter: 0,
    });
  });
});

describe('tickets', () => {
  it('are opened by users and end once', () => {
    const desk = openTicketApi({ ticket_queue: [{ id: 7, status: 'Open' }, 'odd'] });
    const ticket = { id: 1, title: 'T', description: '', status: 'Open', priority: 5, created_by: 'ann' };
    play(desk, [
      ['ticket_get_login_status', {}, { login_status: false }],
      ['create_ticket', { title: 'T' }, 'error'],
      ['get_user_tickets', {}, 'error'],
      ['ticket_login', { username: 'ann', password: 'p' }, { success: true }],
      ['create_ticket', { title: 'T', priority: 9 }, 'error'],
      ['create_ticket', { title: 'T', priority: 5 }, ticket],
      ['get_ticket', { ticket_id: 1 }, ticket],
      ['get_ticket', { ticket_id: 'x' }, 'error'],
      ['edit_ticket', { ticket_id: 1, updates: { priority: 2 } }, { status: 'ticket updated' }],
      ['edit_ticket', { ticket_id: 1, updates: { priority: 0 } }, 'error'],
      ['edit_ticket', { ticket_id: 1, updates: { owner: 'x' } }, 'error'],
      ['edit_ticket', { ticket_id: 1 }, { status: 'ticket updated' }],
      ['resolve_ticket', { ticket_id: 7, resolution: 'done' }, { status: 'ticket resolved' }],
      ['resolve_ticket', { ticket_id: 7, resolution: 'again' }, 'error'],
      ['close_ticket', { ticket_id: 1 }, { status: 'ticket closed' }],
      ['get_user_tickets', { status: 'Closed' }, { tickets: [{ ...ticket, priority: 2, status: 'Closed' }] }],
      ['get_user_tickets', { status: 'Open' }, { tickets: [] }],
      ['get_user_tickets', {}, { tickets: [{ ...ticket, priority: 2, status: 'Closed' }] }],
      [
        'create_ticket',
        { title: 'U' },
        { id: 2, title: 'U', description: '', status: 'Open', priority: 1, created_by: 'ann' },
      ],
      ['logout', {}, { success: true }],
      ['logout', {}, { success: false }],
    ]);
    expect(desk.state()).toMatchObject({ ticket_counter: 3, current_user: null });
    expect(openTicketApi({ ticket_counter: 9, current_user: 'x' }).state()).toEqual({
      ticket_queue: [],
      ticket_counter: 9,
      current_user: 'x',
    });
  });
});

describe('the broker', () => {
  const stocks = {
    AAPL: { price: 100, percent_change: 0.5 },
    NVDA: { price: 200, percent_change: -3 },
    ODD: { percent_change: 9 },
  };
  const config = {
    authenticated: true,
    order_counter: 20,
    account_info: { account_id: 1, balance: 1000 },
    stocks,
    watch_list: ['NVDA'],
    orders: { '5': { id: 5, status: 'Completed' }, order_type: 'Buy' },
    market_status: 'Open',
  };

  it('takes orders within the balance and cancels open ones', () => {
    play(openTradingBot(config), [
      [
        'place_order',
        { order_type: 'Buy', symbol: 'AAPL', price: 100, amount: 2 },
        { order_id: 20, order_type: 'Buy', status: 'Pending', price: 100, amount: 2 },
      ],
      ['place_order', { order_type: 'Buy', symbol: 'AAPL', price: 100, amount: 20 }, 'error'],
      [
        'place_order',
        { order_type: 'Sell', symbol: 'AAPL', price: 100, amount: 20 },
        { order_id: 21, order_type: 'Sell', status: 'Pending', price: 100, amount: 20 },
      ],
      ['place_order', { order_type: 'Buy', symbol: 'AAPL', price: 0, amount: 2 }, 'error'],
      ['place_order', { order_type: 'Buy', symbol: 'ZZZ', price: 1, amount: 2 }, 'error'],
      [
        'get_order_details',
        { order_id: 20 },
        { id: 20, order_type: 'Buy', symbol: 'AAPL', price: 100, amount: 2, status: 'Open' },
      ],
      ['get_order_details', { order_id: 99 }, 'error'],
      ['get_order_details', { order_id: '20' }, 'error'],
      ['cancel_order', { order_id: 20 }, { order_id: 20, status: 'Cancelled' }],
      ['cancel_order', { order_id: 20 }, { order_id: 20, status: 'Cancelled' }],
      ['cancel_order', { order_id: 5 }, 'error'],
      ['get_order_history', {}, { order_history: [5, 20, 21] }],
    ]);
  });

  it('keeps money, lists and stocks', () => {
    const broker = openTradingBot(config);
    play(broker, [
      ['fund_account', { amount: 50 }, { status: 'deposit done', new_balance: 1050 }],
      ['fund_account', { amount: -1 }, 'error'],
      ['withdraw_funds', { amount: 1000 }, { status: 'withdrawal done', new_balance: 50 }],
      ['withdraw_funds', { amount: 1000 }, 'error'],
      ['withdraw_funds', { amount: 0 }, 'error'],
      ['get_account_info', {}, { account_id: 1, balance: 50 }],
      ['get_transaction_history', { start_date: '2030-01-01' }, { transaction_history: [] }],
      ['get_transaction_history', { end_date: '2020-01-01' }, { transaction_history: [] }],
      ['get_watchlist', {}, { watchlist: ['NVDA'] }],
      ['add_to_watchlist', { stock: 'AAPL' }, { watchlist: ['NVDA', 'AAPL'] }],
      ['add_to_watchlist', { stock: 'AAPL' }, { watchlist: ['NVDA', 'AAPL'] }],
      ['add_to_watchlist', { stock: 'ZZZ' }, { watchlist: ['NVDA', 'AAPL'] }],
      ['remove_stock_from_watchlist', { symbol: 'NVDA' }, { status: 'NVDA removed' }],
      ['remove_stock_from_watchlist', { symbol: 'NVDA' }, 'error'],
      ['get_stock_info', { symbol: 'AAPL' }, { price: 100, percent_change: 0.5 }],
      ['get_symbol_by_name', { name: 'Zeta Corp' }, { symbol: 'ZETA' }],
      ['get_symbol_by_name', { name: 'Nobody' }, { symbol: 'Stock not found' }],
      ['get_available_stocks', { sector: 'Technology' }, { stock_list: ['AAPL', 'GOOG', 'MSFT', 'NVDA'] }],
      ['get_available_stocks', { sector: 'Farming' }, { stock_list: [] }],
      [
        'filter_stocks_by_price',
        { stocks: ['AAPL', 'NVDA', 'ODD', 'ZZZ'], min_price: 50, max_price: 150 },
        { filtered_stocks: ['AAPL'] },
      ],
      [
        'notify_price_change',
        { stocks: ['AAPL', 'NVDA', 'ZZZ'], threshold: 2 },
        { notification: 'significant changes: NVDA' },
      ],
      ['notify_price_change', { stocks: ['AAPL'], threshold: 2 }, { notification: 'no significant changes' }],
      ['get_current_time', {}, { current_time: '10:30 AM' }],
      ['trading_logout', {}, { status: 'logged out' }],
      ['trading_get_login_status', {}, { status: false }],
      ['get_account_info', {}, 'error'],
      ['get_watchlist', {}, 'error'],
      ['remove_stock_from_watchlist', { symbol: 'AAPL' }, 'error'],
      ['trading_login', { username: 'a', password: 'b' }, { status: 'logged in' }],
    ]);
    expect(broker.functions.get_transaction_history?.({})).toMatchObject({
      transaction_history: [{ type: 'deposit', amount: 50 }, { type: 'withdrawal' }],
    });
    play(openTradingBot({ authenticated: true }), [['withdraw_funds', { amount: 1 }, 'error']]);
    expect(openTradingBot({}).state()).toMatchObject({
      orders: { '12446': { status: 'Pending' } },
      order_counter: 12446,
      authenticated: false,
      market_status: 'Closed',
    });
    expect(openTradingBot({ authenticated: true }).functions.fund_account?.({ amount: 5 })).toEqual({
      status: 'deposit done',
      new_balance: 5,
    });
  });
});

describe('travel', () => {
  const config = {
    access_token: 't',
    credit_card_list: { c: { balance: 3000 }, poor: {}, odd: 'x' },
    booking_record: { old: { travel_cost: 5 } },
    user_first_name: 'Ann',
    user_last_name: 'Lee',
    budget_limit: 1000,
    token_expires_in: 60,
  };
  const flight = {
    access_token: 't',
    card_id: 'c',
    travel_date: '2026-11-10',
    travel_from: 'SFO',
    travel_to: 'LAX',
    travel_class: 'business',
  };

  it('draws the ids that the ground truth uses', () => {
    const random = pythonRandom(141053);
    expect([random.integer(100_000, 999_999), random.integer(100_000_000_000, 999_999_999_999)]).toEqual([
      251675, 391310425148,
    ]);
    const agency = openTravelBooking(config);
    play(agency, [
      ['book_flight', { ...flight, access_token: 'x' }, 'error'],
      ['book_flight', { ...flight, card_id: 'none' }, 'error'],
      ['book_flight', { ...flight, card_id: 'poor' }, 'error'],
      ['book_flight', { ...flight, travel_date: '10 Nov' }, 'error'],
      [
        'book_flight',
        flight,
        { booking_id: '3426812', transaction_id: '45451592', booking_status: true, booking_history: {} },
      ],
      [
        'purchase_insurance',
        { access_token: 't', insurance_type: 'travel', insurance_cost: 100, booking_id: '3426812', card_id: 'c' },
        { insurance_id: '498276044', insurance_status: true },
      ],
      [
        'purchase_insurance',
        { access_token: 't', insurance_type: 'travel', insurance_cost: 1001, booking_id: '3426812', card_id: 'c' },
        'error',
      ],
      ['set_budget_limit', { access_token: 't', budget_limit: 2501 }, { budget_limit: 2501 }],
      ['book_flight', flight, 'error'],
      ['get_credit_card_balance', { access_token: 't', card_id: 'c' }, { card_balance: 2500 }],
      ['cancel_booking', { access_token: 't', booking_id: '3426812' }, { cancel_status: true }],
      ['cancel_booking', { access_token: 't', booking_id: '3426812' }, 'error'],
      ['get_credit_card_balance', { access_token: 't', card_id: 'c' }, { card_balance: 2900 }],
      ['cancel_booking', { access_token: 't', booking_id: 'old' }, 'error'],
      ['get_booking_history', { access_token: 't' }, { booking_history: { old: { travel_cost: 5 } } }],
    ]);
    play(openTravelBooking(config), [
      [
        'authenticate_travel',
        { grant_type: 'read', user_first_name: 'A', user_last_name: 'B' },
        { expires_in: 2, access_token: '251675', token_type: 'Bearer', scope: 'read' },
      ],
      [
        'register_credit_card',
        {
          access_token: '251675',
          card_number: '1',
          expiration_date: '2',
          cardholder_name: 'A',
          card_verification_number: 3,
        },
        { card_id: '391310425148' },
      ],
    ]);
  });

  it('answers questions', () => {
    play(openTravelBooking(config), [
      ['travel_get_login_status', {}, { status: true }],
      ['get_nearest_airport_by_city', { location: 'Rome' }, { nearest_airport: 'CIA' }],
      ['get_nearest_airport_by_city', { location: 'Atlantis' }, { nearest_airport: 'Unknown' }],
      ['get_flight_cost', flight, { travel_cost_list: [400] }],
      [
        'get_flight_cost',
        { ...flight, travel_date: '2026-11-15', travel_from: 'LAX', travel_to: 'JFK' },
        { travel_cost_list: [2400] },
      ],
      ['get_flight_cost', { ...flight, travel_date: '2026-10-10', travel_to: 'CIA' }, { travel_cost_list: [2800] }],
      ['get_flight_cost', { ...flight, travel_class: 'coach' }, 'error'],
      ['get_flight_cost', { ...flight, travel_to: 'XXX' }, 'error'],
      ['get_flight_cost', { ...flight, travel_to: 'SFO' }, 'error'],
      ['get_flight_cost', { ...flight, travel_to: '' }, 'error'],
      ['get_flight_cost', { ...flight, travel_from: 'LAX', travel_to: 'SFO' }, { travel_cost_list: [200] }],
      ['book_flight', { ...flight, travel_date: '2026-13-45' }, 'error'],
      [
        'get_flight_cost',
        { ...flight, travel_from: 'RMS', travel_to: 'SBK', travel_class: 'economy' },
        { travel_cost_list: [220] },
      ],
      [
        'compute_exchange_rate',
        { base_currency: 'GBP', target_currency: 'USD', value: 15400 },
        { exchanged_value: 22000 },
      ],
      [
        'compute_exchange_rate',
        { base_currency: 'RMB', target_currency: 'USD', value: 20000 },
        { exchanged_value: 2857.14 },
      ],
      ['compute_exchange_rate', { base_currency: 'USD', target_currency: 'EUR', value: 10 }, { exchanged_value: 8 }],
      ['compute_exchange_rate', { base_currency: 'XXX', target_currency: 'USD', value: 1 }, 'error'],
      ['compute_exchange_rate', { base_currency: 'EUR', target_currency: 'GBP', value: 1 }, 'error'],
      [
        'verify_traveler_information',
        { first_name: 'Ann', last_name: 'Lee', date_of_birth: '1990-01-01', passport_number: 'US1' },
        { verification_status: true },
      ],
      [
        'verify_traveler_information',
        { first_name: 'Ann', last_name: 'Lee', date_of_birth: '1990-01-01', passport_number: 'P1' },
        { verification_status: false, verification_failure: 'the passport is of another country' },
      ],
      [
        'verify_traveler_information',
        { first_name: 'Ann', last_name: 'Lee', date_of_birth: '2020-1-1', passport_number: 'US1' },
        { verification_status: false, verification_failure: 'the traveller is not of age' },
      ],
      [
        'verify_traveler_information',
        { first_name: 'Ann', last_name: 'Lee', date_of_birth: '1990', passport_number: 'P1' },
        { verification_status: false, verification_failure: 'the date of birth is not valid' },
      ],
      [
        'verify_traveler_information',
        { first_name: 'Bob', last_name: 'Lee', date_of_birth: '1990-01-01', passport_number: 'P1' },
        { verification_status: false, verification_failure: 'the name is not that of the user' },
      ],
      ['set_budget_limit', { access_token: 't', budget_limit: 500 }, { budget_limit: 500 }],
      ['set_budget_limit', { access_token: 't', budget_limit: '7.5' }, { budget_limit: 7.5 }],
      ['set_budget_limit', { access_token: 't', budget_limit: 'much' }, 'error'],
      ['set_budget_limit', { access_token: 't', budget_limit: '' }, 'error'],
      [
        'retrieve_invoice',
        { access_token: 't', booking_id: 'old' },
        { invoice: { booking_id: 'old', travel_cost: 5 } },
      ],
      ['retrieve_invoice', { access_token: 't' }, 'error'],
      [
        'contact_customer_support',
        { booking_id: 'old', message: 'x' },
        { customer_support_message: 'Thank you, we will come back to you.' },
      ],
      ['contact_customer_support', { booking_id: 'none', message: 'x' }, 'error'],
      ['get_all_credit_cards', {}, { credit_card_list: { c: { balance: 3000 }, poor: {}, odd: {} } }],
      ['get_budget_fiscal_year', {}, { budget_fiscal_year: '2018' }],
    ]);
    expect(openTravelBooking({}).functions.list_all_airports?.({})).toMatchObject({
      airports: expect.arrayContaining(['RMS', 'HND']),
    });
    expect(openTravelBooking({}).functions.authenticate_travel?.({})).toMatchObject({ expires_in: 2 });
  });
});

describe('the vehicle', () => {
  const locked = { driver: 'locked', passenger: 'locked', rear_left: 'locked', rear_right: 'locked' };
  const config = {
    fuelLevel: 42,
    batteryVoltage: 12.6,
    engineState: 'stopped',
    doorStatus: { ...locked, driver: 'unlocked' },
    frontLeftTirePressure: 32,
    frontRightTirePressure: 32,
    rearLeftTirePressure: 30,
    rearRightTirePressure: 30,
    humidityLevel: 50,
  };
  const all = ['driver', 'passenger', 'rear_left', 'rear_right'];
  const running = { engineState: 'running', fuelLevel: 42, batteryVoltage: 12.6 };

  it('starts when doors, brake and tank allow it', () => {
    const vehicle = openVehicleControl(config);
    play(vehicle, [
      ['startEngine', { ignitionMode: 'START' }, 'error'],
      ['lockDoors', { unlock: false, door: all }, { lockStatus: 'locked', remainingUnlockedDoors: 0 }],
      ['lockDoors', { unlock: false, door: ['boot'] }, 'error'],
      ['startEngine', { ignitionMode: 'START' }, 'error'],
      ['pressBrakePedal', { pedalPosition: 2 }, 'error'],
      ['pressBrakePedal', { pedalPosition: 1 }, { brakePedalStatus: 'pressed', brakePedalForce: 1000 }],
      ['setCruiseControl', { speed: 65, activate: true, distanceToNextVehicle: 100 }, 'error'],
      ['startEngine', { ignitionMode: 'START' }, running],
      ['startEngine', { ignitionMode: 'FLY' }, 'error'],
      ['setCruiseControl', { speed: 'fast', activate: false, distanceToNextVehicle: 1 }, 'error'],
      ['setCruiseControl', { speed: 66, activate: true, distanceToNextVehicle: 100 }, 'error'],
      [
        'setCruiseControl',
        { speed: 65, activate: true, distanceToNextVehicle: 100 },
        { cruiseStatus: 'active', currentSpeed: 65, distanceToNextVehicle: 100 },
      ],
      [
        'setCruiseControl',
        { speed: 0, activate: false, distanceToNextVehicle: 0 },
        { cruiseStatus: 'inactive', currentSpeed: 0, distanceToNextVehicle: 0 },
      ],
      ['releaseBrakePedal', {}, { brakePedalStatus: 'released', brakePedalForce: 0 }],
      ['startEngine', { ignitionMode: 'STOP' }, { ...running, engineState: 'stopped' }],
      ['lockDoors', { unlock: true, door: ['driver'] }, { lockStatus: 'unlocked', remainingUnlockedDoors: 1 }],
      [
        'activateParkingBrake',
        { mode: 'engage' },
        { parkingBrakeStatus: 'engaged', _parkingBrakeForce: 500, _slopeAngle: 10 },
      ],
      [
        'activateParkingBrake',
        { mode: 'release' },
        { parkingBrakeStatus: 'released', _parkingBrakeForce: 0, _slopeAngle: 10 },
      ],
      ['activateParkingBrake', { mode: 'half' }, 'error'],
    ]);
    const empty = openVehicleControl({ ...config, fuelLevel: 0, doorStatus: locked });
    play(empty, [
      ['pressBrakePedal', { pedalPosition: 1 }, { brakePedalStatus: 'pressed', brakePedalForce: 1000 }],
      ['startEngine', { ignitionMode: 'START' }, { ...running, fuelLevel: 0 }],
    ]);
    expect(openVehicleControl({}).functions.startEngine?.({ ignitionMode: 'STOP' })).toEqual({
      engineState: 'stopped',
      fuelLevel: null,
      batteryVoltage: null,
    });
  });

  it('fills, converts and estimates', () => {
    play(openVehicleControl(config), [
      ['fillFuelTank', { fuelAmount: 9 }, 'error'],
      ['fillFuelTank', { fuelAmount: -1 }, 'error'],
      ['estimate_drive_feasibility_by_mileage', { distance: 980 }, { canDrive: false }],
      ['fillFuelTank', { fuelAmount: 7 }, { fuelLevel: 49 }],
      ['estimate_drive_feasibility_by_mileage', { distance: 980 }, { canDrive: true }],
      ['liter_to_gallon', { liter: 100 }, { gallon: 26.4172 }],
      ['gallon_to_liter', { gallon: 10 }, { liter: 37.8541 }],
      ['get_zipcode_based_on_city', { city: 'Rivermist' }, { zipcode: '83214' }],
      ['get_zipcode_based_on_city', { city: 'Atlantis' }, { zipcode: '00000' }],
      ['estimate_distance', { cityA: '94016', cityB: '83214' }, { distance: 980 }],
      ['estimate_distance', { cityA: '83214', cityB: '94016' }, { distance: 980 }],
      ['estimate_distance', { cityA: '83214', cityB: '00000' }, 'error'],
      ['find_nearest_tire_shop', {}, { shopLocation: '456 Oakwood Avenue, Rivermist, 83214' }],
      ['set_navigation', { destination: 'Home' }, { status: 'navigating to Home' }],
      ['get_outside_temperature_from_google', {}, { outsideTemperature: 36.63485703790535 }],
      ['get_outside_temperature_from_weather_com', {}, 'error'],
      ['display_log', { messages: ['a'] }, { log: ['a'] }],
    ]);
  });

  it('shows and sets the rest', () => {
    play(openVehicleControl(config), [
      [
        'adjustClimateControl',
        { temperature: 20 },
        { currentACTemperature: 20, climateMode: 'auto', humidityLevel: 50 },
      ],
      [
        'adjustClimateControl',
        { temperature: 68, unit: 'fahrenheit', fanSpeed: 10, mode: 'heat' },
        { currentACTemperature: 68, climateMode: 'heat', humidityLevel: 50 },
      ],
      ['adjustClimateControl', { temperature: '20' }, 'error'],
      [
        'adjustClimateControl',
        { temperature: 20, fanSpeed: 10, mode: 'calm' },
        { currentACTemperature: 20, climateMode: 'calm', humidityLevel: 50 },
      ],
      ['adjustClimateControl', { temperature: 20, fanSpeed: 200 }, 'error'],
      ['setHeadlights', { mode: 'auto' }, { headlightStatus: 'off' }],
      ['setHeadlights', { mode: 'off' }, { headlightStatus: 'off' }],
      ['setHeadlights', { mode: 'dim' }, 'error'],
      ['displayCarStatus', { option: 'fuel' }, { fuelLevel: 42 }],
      ['displayCarStatus', { option: 'doors' }, { doorStatus: config.doorStatus }],
      [
        'displayCarStatus',
        { option: 'climate' },
        { currentACTemperature: 20, fanSpeed: 10, climateMode: 'calm', humidityLevel: 50 },
      ],
      ['displayCarStatus', { option: 'brakePedal' }, { brakePedalStatus: 'released', brakePedalForce: 0 }],
      ['displayCarStatus', { option: 'wings' }, 'error'],
      [
        'check_tire_pressure',
        {},
        {
          frontLeftTirePressure: 32,
          frontRightTirePressure: 32,
          rearLeftTirePressure: 30,
          rearRightTirePressure: 30,
          healthy_tire_pressure: true,
          car_info: {},
        },
      ],
    ]);
    const bare = openVehicleControl({});
    for (const option of [
      'fuel',
      'battery',
      'doors',
      'climate',
      'headlights',
      'parkingBrake',
      'brakePedal',
      'engine',
    ]) {
      expect(bare.functions.displayCarStatus?.({ option })).not.toHaveProperty('error');
    }
    expect(bare.functions.check_tire_pressure?.({})).toMatchObject({ healthy_tire_pressure: false });
  });
});

describe('what a service was not told', () => {
  it('opens no booking to an empty token, and leaves out what a card lacks', () => {
    const agency = openTravelBooking({});
    const card = { card_number: '4', expiration_date: '01/30', cardholder_name: 'Ann Lee' };
    for (const access_token of ['', 'x']) {
      play(agency, [['register_credit_card', { access_token, ...card }, 'error']]);
    }
    const signedIn = openTravelBooking({ access_token: 't' });
    const made = signedIn.functions.register_credit_card?.({ access_token: 't', ...card });
    expect(signedIn.state()).toMatchObject({
      credit_card_list: { [String(made?.card_id)]: { ...card, card_verification_number: null } },
    });
  });

  it('is null of a vehicle', () => {
    play(openVehicleControl({}), [
      ['startEngine', { ignitionMode: 'STOP' }, { engineState: 'stopped', fuelLevel: null, batteryVoltage: null }],
    ]);
  });

  it('counts as before all time in a history', () => {
    const dated = { type: 'deposit', amount: 1, timestamp: '2024-01-02 03:04:05' };
    const broker = openTradingBot({ authenticated: true, transaction_history: ['odd', { amount: 2 }, dated] });
    play(broker, [
      ['get_transaction_history', {}, { transaction_history: ['odd', { amount: 2 }, dated] }],
      ['get_transaction_history', { start_date: '2024-01-02' }, { transaction_history: [dated] }],
      ['get_transaction_history', { end_date: '2024-01-02' }, { transaction_history: ['odd', { amount: 2 }, dated] }],
    ]);
  });
});
