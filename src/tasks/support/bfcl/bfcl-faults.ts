/** Samples of which the leaderboard's own rules refuse the ground truth, with the evidence: they say nothing about a model. */
export const bfclFaults: Readonly<Record<string, string>> = {
  simple_java_36: 'a list of `any` is read as text only, so the 42 and the true of the accepted list match nothing',
  simple_java_64:
    'the accepted value of `meta` is {"format": "epoch_millis"} with a text where a list of values should stand, so only an empty map matches',
  simple_java_65: 'a list of `any` is read as text only, so the true of the accepted list matches nothing',
  'live_simple_106-63-0':
    'required lists such as `auto_loan_payment_start` have an empty list of accepted values, so nothing can be right',
  'live_simple_112-68-0':
    'required lists such as `acc_routing_start` have an empty list of accepted values, so nothing can be right',
  'live_multiple_507-149-4':
    'the required `origin_airport` accepts only the empty text, although the question names Los Angeles',
  'live_multiple_862-181-3': 'the ground truth demands `journey_start_time`, which the function does not have',
  'live_multiple_964-207-0': 'the ground truth demands `question`, but the function has only `statement`',
};
