/** Metrics pages as the servers write them, cut to what tells them apart. */
export const metricsPages = {
  /** vLLM 0.10.2, two engines behind one server; the names deprecated by then stand beside the new ones. */
  vllmOld: `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="q"} 12.0
vllm:num_requests_running{engine="1",model_name="q"} 10.0
vllm:num_requests_waiting{engine="0",model_name="q"} 4.0
vllm:num_requests_waiting{engine="1",model_name="q"} 0.0
vllm:gpu_cache_usage_perc{engine="0",model_name="q"} 0.42
vllm:gpu_cache_usage_perc{engine="1",model_name="q"} 0.17
# TYPE vllm:gpu_prefix_cache_queries_total counter
vllm:gpu_prefix_cache_queries_total{engine="0",model_name="q"} 1000.0
vllm:gpu_prefix_cache_queries_created{engine="0",model_name="q"} 1.7e+09
vllm:gpu_prefix_cache_hits_total{engine="0",model_name="q"} 250.0
vllm:num_preemptions_total{engine="0",model_name="q"} 2.0
vllm:prompt_tokens_total{engine="0",model_name="q"} 5000.0
vllm:generation_tokens_total{engine="0",model_name="q"} 7000.0
vllm:request_success_total{engine="0",finished_reason="stop",model_name="q"} 20.0
vllm:request_success_total{engine="0",finished_reason="length",model_name="q"} 3.0
# TYPE vllm:time_to_first_token_seconds histogram
vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="q"} 0.0
vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="q"} 23.0
vllm:time_to_first_token_seconds_count{engine="0",model_name="q"} 23.0
vllm:time_to_first_token_seconds_sum{engine="0",model_name="q"} 1.15
vllm:time_per_output_token_seconds_count{engine="0",model_name="q"} 6977.0
vllm:time_per_output_token_seconds_sum{engine="0",model_name="q"} 69.77
vllm:request_queue_time_seconds_count{engine="0",model_name="q"} 23.0
vllm:request_queue_time_seconds_sum{engine="0",model_name="q"} 0.4
vllm:request_prefill_time_seconds_sum{engine="0",model_name="q"} 0.7
vllm:request_decode_time_seconds_sum{engine="0",model_name="q"} 69.1
# TYPE vllm:cache_config_info gauge
vllm:cache_config_info{block_size="16",cache_dtype="auto",engine="0",gpu_memory_utilization="0.85",num_gpu_blocks="24000"} 1.0
process_resident_memory_bytes 3.1e+09
`,
  /** vLLM after the old names were removed, with speculative decoding and a hybrid model. */
  vllmNew: `# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="q"} 7.0
vllm:num_requests_waiting{engine="0",model_name="q"} 1.0
vllm:num_requests_waiting_by_reason{engine="0",model_name="q",reason="capacity"} 1.0
vllm:kv_cache_usage_perc{engine="0",model_name="q"} 0.31
vllm:prefix_cache_queries_total{engine="0",model_name="q"} 800.0
vllm:prefix_cache_hits_total{engine="0",model_name="q"} 200.0
vllm:prompt_tokens_total{engine="0",model_name="q"} 900.0
vllm:prompt_tokens_cached_total{engine="0",model_name="q"} 200.0
vllm:generation_tokens_total{engine="0",model_name="q"} 1500.0
vllm:inter_token_latency_seconds_count{engine="0",model_name="q"} 1490.0
vllm:inter_token_latency_seconds_sum{engine="0",model_name="q"} 7.45
vllm:spec_decode_num_drafts_total{engine="0",model_name="q"} 500.0
vllm:spec_decode_num_draft_tokens_total{engine="0",model_name="q"} 1500.0
vllm:spec_decode_num_accepted_tokens_total{engine="0",model_name="q"} 900.0
vllm:spec_decode_num_accepted_tokens_per_pos_total{engine="0",model_name="q",position="0"} 400.0
vllm:cache_config_info{block_size="784",engine="0",kv_cache_size_tokens="512345",num_gpu_blocks="99"} 1.0
`,
  sglang: `# TYPE sglang:num_running_reqs gauge
sglang:num_running_reqs{model_name="q"} 5.0
sglang:num_queue_reqs{model_name="q"} 2.0
sglang:token_usage{model_name="q"} 0.28
sglang:max_total_num_tokens{model_name="q"} 471258.0
sglang:cache_hit_rate{model_name="q"} 0.05
sglang:gen_throughput{model_name="q"} 812.5
sglang:prompt_tokens_total{model_name="q"} 8128.0
sglang:generation_tokens_total{model_name="q"} 7557.0
sglang:cached_tokens_total{model_name="q"} 64.0
sglang:num_requests_total{model_name="q"} 11.0
sglang:time_to_first_token_seconds_sum{model_name="q"} 2.35
sglang:time_to_first_token_seconds_count{model_name="q"} 11.0
sglang:time_per_output_token_seconds_sum{model_name="q"} 60.0
sglang:time_per_output_token_seconds_count{model_name="q"} 7400.0
`,
  llamaCpp: `# HELP llamacpp:prompt_tokens_total Number of prompt tokens processed.
# TYPE llamacpp:prompt_tokens_total counter
llamacpp:prompt_tokens_total 321
# TYPE llamacpp:prompt_seconds_total counter
llamacpp:prompt_seconds_total 1.25
llamacpp:tokens_predicted_total 640
llamacpp:tokens_predicted_seconds_total 20.5
llamacpp:n_decode_total 655
llamacpp:n_busy_slots_per_decode 1.9
llamacpp:prompt_tokens_seconds 256.8
llamacpp:predicted_tokens_seconds 31.2
llamacpp:requests_processing 2
llamacpp:requests_deferred 0
`,
} as const;
