// The words the analyst knows, as one table from phrases to meanings. Column names and values are not in here.

import type {AggregateName, Comparison, PeriodPart} from './intent.ts';
import type {Cue, Hint, Meaning} from './meanings.ts';

const agg = (fn: AggregateName): Meaning => ({kind: 'aggregate', fn});
const op = (sign: Comparison, hint?: Hint): Meaning => ({kind: 'operator', op: sign, ...(hint && {hint})});
const most = (hint?: Hint): Meaning => ({kind: 'superlative', direction: 'desc', ...(hint && {hint})});
const least = (hint?: Hint): Meaning => ({kind: 'superlative', direction: 'asc', ...(hint && {hint})});
const period = (part: PeriodPart): Meaning => ({kind: 'period', part});
const cue = (name: Cue): Meaning => ({kind: 'cue', cue: name});

const table: [string, Meaning][] = [
  ['average|averages|averaged|avg|mean|means|typical|on average', agg('average')],
  ['sum|sums|total|totals|totaled|sum up|add up|combined|overall total|total sum', agg('sum')],
  [
    'how many|number of|count|counts|count of|how often|frequency of|tally|the number|number|amount of rows',
    agg('count'),
  ],
  ['minimum|min|smallest value|lowest value', agg('min')],
  ['maximum|max|largest value|highest value|peak', agg('max')],
  ['median|medians|middle value', agg('median')],
  ['standard deviation|standard deviations|std|stddev|stdev|sd|std dev|deviation', agg('stddev')],
  ['variance|variances|var', agg('variance')],
  ['how many distinct|how many different|how many unique|number of distinct|number of different', agg('distinct')],
  ['number of unique|count of distinct|count of unique|count distinct|distinct count|unique count', agg('distinct')],
  ['count unique|cardinality of|nunique|distinct count of|how many separate', agg('distinct')],
  ['>|more than|greater than|larger than|bigger than|higher than|above|over|exceeding|exceeds|exceed', op('>')],
  ['in excess of|longer than|heavier than|taller than|warmer than|hotter than|faster than|beyond', op('>')],
  ['older than', op('>', 'age')],
  ['more expensive than|costing more than|cost more than|costs more than', op('>', 'price')],
  ['after|later than|newer than', op('>', 'time')],
  ['>=|≥|at least|no less than|not less than|greater than or equal to|more than or equal to', op('>=')],
  ['greater or equal to|greater or equal|equal or greater than|greater equal|no fewer than|not below', op('>=')],
  ['since|from|starting from|starting in|as of', op('>=', 'time')],
  ['<|less than|lower than|smaller than|fewer than|below|under|shorter than|lighter than|colder than', op('<')],
  ['cooler than|slower than|beneath', op('<')],
  ['younger than', op('<', 'age')],
  ['cheaper than|costing less than|cost less than|costs less than|less expensive than', op('<', 'price')],
  ['before|earlier than|prior to|older than date', op('<', 'time')],
  ['<=|≤|at most|no more than|not more than|up to|less than or equal to|less or equal to', op('<=')],
  ['fewer than or equal to|smaller than or equal to|not above|not exceeding|not over', op('<=')],
  ['until|till|through', op('<=', 'time')],
  ['=|==|equals|equal to|is equal to|equal|exactly|is exactly', op('=')],
  ['!=|<>|≠|not equal to|is not equal to|unequal to|does not equal', op('<>')],
  [
    'or more|or above|or higher|or older|or greater|or over|or later|and above|and over|and older|and up',
    {kind: 'postfix', op: '>='},
  ],
  [
    'or less|or fewer|or below|or lower|or younger|or under|or earlier|and below|and under|and younger',
    {kind: 'postfix', op: '<='},
  ],
  ['between|in the range of|in the range|ranging from|in between', {kind: 'between'}],
  [
    'contains|containing|contain|includes|including|include|like|has the word|mentions|mentioning',
    {kind: 'match', how: 'contains'},
  ],
  ['starts with|starting with|begins with|beginning with|start with|begin with', {kind: 'match', how: 'starts with'}],
  ['ends with|ending with|ending in|ends in|end with', {kind: 'match', how: 'ends with'}],
  ['is missing|are missing|missing|is null|null|is empty|empty|blank|is blank|unknown|is unknown', {kind: 'missing'}],
  [
    'nan|is na|unspecified|not known|not given|is not known|is not given|not available|undefined|are null',
    {kind: 'missing'},
  ],
  [
    'is not missing|not missing|is not null|not null|not empty|is not empty|is known|known|present|is present',
    {kind: 'present'},
  ],
  ['is given|given|available|is available|non null|nonmissing|filled', {kind: 'present'}],
  ['not|isnt|arent|wasnt|werent|dont|doesnt|didnt|other than|except|except for|excluding|excl|but not', {kind: 'not'}],
  [
    'without|no|non|neither|nor|never|outside|outside of|apart from|hasnt|havent|exclude|ignoring|ignore',
    {kind: 'not'},
  ],
  ['and|plus|as well as|along with|together with|&|also|but|and also', {kind: 'and'}],
  ['or|either', {kind: 'or'}],
  ['by|per|for each|for every|grouped by|group by|grouping by|split by|broken down by|break down by', {kind: 'by'}],
  [
    'breakdown by|in each|within each|of each|across|depending on|separated by|segmented by|for different',
    {kind: 'by'},
  ],
  [
    'from each|according to|for all|with respect to|each|every|in every|by each|across all|among different',
    {kind: 'by'},
  ],
  ['in different|by different|across different|as a function of|for the different|within every|wise', {kind: 'by'}],
  ['year|years|yearly|annual|annually|per annum|calendar year', period('year')],
  ['quarter|quarters|quarterly', period('quarter')],
  ['month|months|monthly', period('month')],
  ['week|weeks|weekly', period('week')],
  ['day|days|daily', period('day')],
  ['hour|hours|hourly|hour of day|hour of the day|time of day', period('hour')],
  ['weekday|weekdays|day of week|day of the week|days of the week|week day', period('weekday')],
  ['month of year|month of the year|months of the year|calendar month|season|seasonality', period('month_of_year')],
  ['over time|trend|trends|trending|time series|evolution|evolve|evolved|develop|developed', cue('trend')],
  ['over the years|over the months|over the year|through time|across time|through the years|historical', cue('trend')],
  ['growth|grow|grew|grown|changed|changes|development|history|with time|timeline', cue('trend')],
  ['chart|plot|graph|draw|visualize|visualise|visualization|visualisation|diagram|figure|plots|charts', cue('chart')],
  ['bar chart|bar plot|bar graph|barplot|barchart|column chart|bars|pie chart|pie', cue('bar')],
  ['line chart|line plot|line graph|lineplot', cue('line')],
  ['scatter|scatter plot|scatterplot|scatter chart|scatter graph|scatter diagram', cue('scatter')],
  ['histogram|histograms|hist', cue('histogram')],
  [
    'distribution|distributions|distributed|spread|spread out|skew|skewness|skewed|shape|range|ranges',
    cue('distribution'),
  ],
  ['box plot|boxplot|box plots|boxplots|box and whisker|whisker plot', cue('box')],
  ['violin|violins|violin plot|violin plots|violin chart', cue('violin')],
  ['heatmap|heatmaps|heat map|heat maps', cue('heatmap')],
  ['ecdf|ecdf plot|cdf|empirical distribution|empirical distribution function', cue('ecdf')],
  ['cumulative distribution|cumulative distribution function', cue('ecdf')],
  ['qq plot|q q plot|q-q plot|qqplot|quantile quantile plot|normal probability plot', cue('qq')],
  ['area chart|area plot|area graph', cue('area')],
  ['stacked', cue('stacked')],
  ['pairs plot|pair plot|pairplot|scatter matrix|scatterplot matrix|scatter plot matrix', cue('pairs')],
  ['missing map|missing value map|missing values map|map of missing values|missingness map', cue('missing_map')],
  ['map of the missing values|missing data map|map of missing data|missing values matrix', cue('missing_map')],
  ['density|variability', cue('distribution')],
  ['correlation|correlations|correlate|correlates|correlated|correlation matrix|relationship', cue('correlation')],
  [
    'related|relate|relates|association|associated|linked|depend on|depends on|affect|affects|influence',
    cue('correlation'),
  ],
  ['influences|impact|drive|drives|drivers|pearson|relation|connection|associate|predicts', cue('correlation')],
  ['spearman|rank correlation|spearman correlation|rank correlations', cue('spearman')],
  [
    'missing values|missing value|missing data|missings|nulls|null values|missing cells|empty values',
    cue('missing_values'),
  ],
  [
    'empty cells|gaps|missingness|incomplete|completeness|na values|nans|blanks|missing entries|holes',
    cue('missing_values'),
  ],
  ['outlier|outliers|anomaly|anomalies|extreme value|extreme values|unusual|unusual values|extremes', cue('outliers')],
  ['anomalous|strange values|odd values|weird|weird values|suspicious', cue('outliers')],
  ['z score|zscore|z scores|3 sigma|three sigma|sigma', cue('z_score')],
  ['duplicate|duplicates|duplicated|duplicate rows|duplicated rows|repeated rows|repeats|dupes', cue('duplicates')],
  ['compare|comparison|compared|comparing|difference|differences|differ|differs|versus|vs|compared to', cue('compare')],
  ['gap between|different between|compared with|diff', cue('compare')],
  ['percentage|percent|share|proportion|fraction|percentages|proportions|shares|%|what part', cue('share')],
  ['rate|rates|ratio', cue('rate')],
  ['distinct|unique|different|distinct values|unique values|different values|values|possible values', cue('distinct')],
  ['distinct value|list of|kinds of|types of|categories of|levels of|options', cue('distinct')],
  ['show|list|display|print|give|see|view|look at|preview|sample rows|peek', cue('show')],
  ['first|head|start|initial', cue('first')],
  ['tail|last', cue('last')],
  ['random|randomly|sample|samples', cue('random')],
  [
    'describe|profile|summary|summarize|summarise|overview|info|information|statistics|stats|tell about',
    cue('describe'),
  ],
  ['summaries|profiling|explore|exploration|eda|summary statistics|descriptive statistics|explain', cue('describe')],
  ['whats in|what is in|what is inside|whats inside|tell me about|about this|what does it contain', cue('describe')],
  ['key figures|data quality|quality|insights|analyze|analyse|analysis|what do you see|understand', cue('describe')],
  ['column|columns|fields|field|variables|features|schema|attributes|column names|variable|structure', cue('columns')],
  ['datasets|data sets|tables|list datasets|what data', cue('datasets')],
  ['dataset|data set|table|data|file|the data|this data|the dataset', cue('dataset')],
  ['row|rows|record|records|entry|entries|observations|observation|lines|cases|data points|examples', cue('rows')],
  ['which|what|who|where is|when is|when was|when were|where was|whose|when did|on which', cue('which')],
  ['quartile|quartiles|quantiles|quantile|percentiles|iqr|interquartile range|five number summary', cue('quartiles')],
  ['decile|deciles', cue('deciles')],
  ['percentile|pctl|pct|percentil', cue('percentile')],
  [
    'busiest|popular|the most common|the most frequent|the most popular|most common|most frequent|most popular|most often|commonest|top occurring|mode|most frequently',
    cue('frequent'),
  ],
  ['same|the same|again|ditto|repeat', cue('same')],
  ['what about|how about|and what about|now|then|instead|and how about|and now', cue('what_about')],
  ['only|just|only for|just for|restrict to|limit to|limited to|filter|filtered|filter by', cue('more_filter')],
  ['highest|largest|biggest|greatest|most|top|best|maximal|richest|strongest|leading|the most', most()],
  ['most expensive|more expensive|priciest|costliest|dearest|most costly|most valuable', most('price')],
  ['oldest|eldest|older', most('age')],
  ['newest|latest|most recent|recent', most('time')],
  ['hottest|warmest|warmer|hotter', most('temperature')],
  ['longest', most('length')],
  ['heaviest|heavier', most('weight')],
  ['tallest|taller', most('height')],
  ['fastest|faster', most('speed')],
  ['wettest|rainiest|wetter|rainier', most('rain')],
  ['windiest|windier', most('wind')],
  ['lowest|smallest|least|fewest|bottom|worst|minimal|weakest|the least|the fewest', least()],
  ['cheapest|least expensive|most affordable|cheaper', least('price')],
  ['youngest|younger', least('age')],
  ['earliest', least('time')],
  ['coldest|coolest|colder|cooler', least('temperature')],
  ['shortest', least('length')],
  ['lightest', least('weight')],
  ['slowest', least('speed')],
  ['driest|dryest|drier|dryer', least('rain')],
  [
    'where|when|whose|with|having|if|such that|for which|in which|that have|who have|that has|who has',
    {kind: 'clause'},
  ],
  ['who are|who were|that are|that were|which are|which were|who is|that is|among|given that|within', {kind: 'clause'}],
  ['who|that|during', {kind: 'clause'}],
  [
    'the|a|an|of|for|in|on|at|to|is|are|was|were|be|been|being|do|does|did|has|have|had|me|my|our|us|you|your|i|we|it|its|' +
      'please|against|comes|come|coming|can|could|would|should|will|there|this|these|those|they|them|their|so|than|as|all|any|some|overall|get|find|' +
      'calculate|compute|determine|want|need|know|like to|let|lets|tell|using|use|based|respectively|how|much|value|' +
      'level|levels|across the|whole|entire|per the|both|various|respective|individual|make|create|ok|okay|well|hey|' +
      'really|actually|exactly the|grouped|sorted|sort|ordered|order by|sort by|sorted by|ordered by|descending|' +
      'ascending|desc|asc|with the|in the|for the|of the|up|out|into|between the|result|results|answer|thing|things|' +
      'go|went|look|looks|change|over the|here|exist|exists|occur|occurs|occurred|appear|appears|happen|happened|' +
      'number the|check|identify|report|return me|group|groups|each the|made|paid|pay|got|sold|bought|spent|' +
      '?|!|.|:|;|(|)|*|/|%|+|~|im|ive|id like|whats|hows|whos|wheres|theres|one|ones|sum the|kind|sort of|' +
      'question|work|business|rank|ranked|ranking|years old|year old|old are|euro|euros|dollar|dollars|usd|eur|gbp|bucks|placed|place|received|receive|recorded|registered|booked|listed|see the|come|came|belong|belongs|belonging|located|based in|living|live|lives|' +
      'people|persons|person|individuals|items|entries|them all|there any|anything|something|more|higher|lower|less|' +
      'greater|larger|smaller|bigger|much more|than the|vary|varies|varied|correspond|via',
    {kind: 'filler'},
  ],
  [',', {kind: 'and'}],
];

// Words that are grammar, never the name of a column unless quoted or written exactly as the column in capitals.
export const grammarWords = new Set(
  (
    'the a an of for in on at to is are was were be by per and or not with where which what who how as it its than that this ' +
    'these those from all any some do does did has have had me my i we you your if then each every no'
  ).split(' '),
);

/** First word → its phrases, longest first. */
export type PhraseIndex = ReadonlyMap<string, {words: string[]; meaning: Meaning}[]>;

function indexPhrases(): PhraseIndex {
  const index = new Map<string, {words: string[]; meaning: Meaning}[]>();
  for (const [phrases, meaning] of table) {
    for (const phrase of phrases === ',' ? [','] : phrases.split('|').filter(text => text !== '')) {
      const words = phrase.split(' ');
      const [head = ''] = words;
      const list = index.get(head) ?? [];
      if (!list.some(other => other.words.join(' ') === phrase)) list.push({words, meaning});
      index.set(head, list);
    }
  }
  for (const list of index.values()) list.sort((a, b) => b.words.length - a.words.length);
  return index;
}

export const phraseIndex = indexPhrases();

/** Single words worth correcting when misspelt. */
export const correctable: {word: string; meaning: Meaning}[] = [...phraseIndex.values()]
  .flat()
  .filter(({words, meaning}) => words.length === 1 && (words[0] ?? '').length >= 6 && meaning.kind !== 'filler')
  .map(({words, meaning}) => ({word: words[0] ?? '', meaning}));
