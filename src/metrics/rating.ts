import { meanRating } from './support/mean-rating.ts';

/** Mean rating from 1 to 10 (the measure `rating`): the mean over the turns of a question, then over the questions. */
export default meanRating('rating', 'Rating from 1 to 10');
