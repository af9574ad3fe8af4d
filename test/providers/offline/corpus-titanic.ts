// Questions about passengers: people, classes, yes/no as 0 and 1.

import {
  grouped,
  mean,
  median,
  most,
  numbers,
  pearson,
  percentTrue,
  size,
  spearman,
  split,
  total,
} from './arithmetic.ts';
import {
  aged30to40,
  byKey,
  type Case,
  compared,
  count,
  distinct,
  gaps,
  men,
  older,
  related,
  t,
  top,
  women,
} from './expectations.ts';

export const titanicCases: Case[] = [
  {
    ask: `
      mean fare per class for females
      average fare by pclass for women
      average fare per class where sex is female
      mean Fare by Pclass for female passengers
    `,
    rows: grouped(women, 'Pclass', 'Fare', mean, 'key'),
  },
  {
    ask: `
      how many survived
      how many passengers survived
      number of passengers who survived
      count of survivors
    `,
    rows: count(t.filter(row => row.Survived === 1)),
  },
  {
    ask: `
      how many men survived
      how many males survived?
    `,
    rows: count(t.filter(row => row.Survived === 1 && row.Sex === 'male')),
  },
  {
    ask: `
      how many survived over 60
    `,
    rows: count(t.filter(row => row.Survived === 1 && typeof row.Age === 'number' && row.Age > 60)),
  },
  {
    ask: `
      how many under 10 survived
      how many passengers under 10 survived
    `,
    rows: count(t.filter(row => row.Survived === 1 && typeof row.Age === 'number' && row.Age < 10)),
  },
  {
    ask: `
      how many did not survive
    `,
    rows: count(t.filter(row => row.Survived === 0)),
  },
  {
    ask: `
      survival rate by sex
      percentage survived by gender
      what percent survived per sex
    `,
    rows: grouped(t, 'Sex', 'Survived', percentTrue).map(row => row.slice(0, 2)),
  },
  {
    ask: `
      survival rate by class
    `,
    rows: grouped(t, 'Pclass', 'Survived', percentTrue, 'key'),
  },
  {
    ask: `
      percentage of females who survived
      what percentage of women survived
    `,
    rows: [[percentTrue(numbers(women, 'Survived'))]],
  },
  {
    ask: `
      number of passengers older than 30
      how many passengers over 30
      passengers with age above 30
      how many passengers aged over 30
    `,
    rows: count(older(30)),
  },
  {
    ask: `
      passengers younger than 18
      how many passengers under 18
    `,
    rows: count(t.filter(row => row.Age !== null && Number(row.Age) < 18)),
  },
  {
    ask: `
      median age of survivors
      median age for passengers who survived
      median age where survived = 1
    `,
    rows: total(
      t.filter(row => row.Survived === 1),
      'Age',
      median,
    ),
  },
  {
    ask: `
      how many passengers are missing age
      passengers without age
      count where age is missing
      passengers with unknown age
    `,
    rows: count(t.filter(row => row.Age === null)),
  },
  {
    ask: `
      average fare for third class males
      mean fare of men in 3rd class
      average fare where sex is male and pclass = 3
    `,
    rows: total(
      men.filter(row => row.Pclass === 3),
      'Fare',
      mean,
    ),
  },
  {
    ask: `
      difference in fare by gender
      compare fare by sex
      do women pay more than men
      is fare higher for females than males
      fare difference between male and female
    `,
    rows: compared(t, 'Sex', 'Fare'),
  },
  {
    ask: `
      number of men and women
      how many men and women
      count by sex
      passengers by gender
      how many passengers per sex
    `,
    rows: grouped(t, 'Sex', null, size),
  },
  {
    ask: `
      average age and fare by sex
    `,
    rows: byKey(
      split(t, 'Sex').map(group => [
        ...group.keys,
        mean(numbers(group.rows, 'Age')),
        mean(numbers(group.rows, 'Fare')),
        group.rows.length,
      ]),
    ).sort((a, b) => Number(b[1]) - Number(a[1])),
  },
  {
    ask: `
      oldest passenger
      top 5 passengers by age
      who is the oldest
    `,
    rows: top(t, 'Age', 5, ['PassengerId']),
  },
  {
    ask: `
      who paid the highest fare
      5 passengers with the highest fare
      top 5 passengers by fare
    `,
    rows: top(t, 'Fare', 5, ['PassengerId']),
  },
  {
    ask: `
      highest fare by class
      max fare per pclass
    `,
    rows: grouped(t, 'Pclass', 'Fare', most, 'key'),
  },
  {
    ask: `
      correlation between age and fare
      age vs fare correlation
      pearson correlation of age and fare
      does age affect fare
    `,
    rows: [['Age', 'Fare', pearson(t, 'Age', 'Fare').r, pearson(t, 'Age', 'Fare').n]],
  },
  {
    ask: `
      spearman correlation between age and fare
    `,
    rows: [['Age', 'Fare', spearman(t, 'Age', 'Fare').r, spearman(t, 'Age', 'Fare').n]],
  },
  {
    ask: `
      what correlates with fare
      correlation with fare
      which columns are correlated with fare
    `,
    rows: related('Fare', ['Survived', 'Pclass', 'Age', 'SibSp']),
  },
  {
    ask: `
      how many names contain Smith
      passengers with name containing "Smith"
      count where name contains smith
    `,
    rows: count(t.filter(row => String(row.Name).includes('Smith'))),
  },
  {
    ask: `
      how many unique cabins
      distinct count of cabin
    `,
    rows: [[distinct(t, 'Cabin')]],
  },
  {
    ask: `
      average fare where embarked is S
      mean fare for embarked = 'S'
    `,
    rows: total(
      t.filter(row => row.Embarked === 'S'),
      'Fare',
      mean,
    ),
  },
  {
    ask: `
      how many people aged 30 to 40
      number of passengers aged between 30 and 40
      people aged 30-40
      how many 30 to 40 year olds
    `,
    rows: count(aged30to40),
  },
  {
    ask: `
      average fare of people aged 30 to 40
    `,
    rows: total(aged30to40, 'Fare', mean),
  },
  {
    ask: `
      median fare for survived vs non-survived
      median fare of survived versus non survived
    `,
    rows: grouped(t, 'Survived', 'Fare', median).sort((a, b) => Number(a[0]) - Number(b[0])),
  },
  {
    ask: `
      passengers with more than 2 SibSp
      count where SibSp > 2
      how many passengers have sib sp over 2
    `,
    rows: count(t.filter(row => Number(row.SibSp) > 2)),
  },
  {
    ask: `
      missing values in age
      how many missing values does age have
    `,
    rows: gaps(t, ['Age']),
  },
  {
    ask: `
      duplicates in Name
    `,
    rows: [[t.length, t.length, 0]],
  },
];
