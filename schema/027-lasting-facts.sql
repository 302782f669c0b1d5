-- Amounts that the law sets anew each April are asked again after the next April: what a book was told of them before it knew so gets that day of review.

-- rises: the first Monday on or after 6 April (sixth), as a count of days from 1970. What is so from 6 April itself is of the year that begins
-- (pack_tell_lasts of src/pack/pack.h). A council tax reduction is of the year from 1 April (sixth - 5); housing benefit too, and what a body decided from 26 March on
-- (sixth - 11) is of the year that begins, and what was told between 1 April and the rise is known until the rise. An amount of nothing does not rise. What is told from now on gets the day by the column `lasts` of the policy pack's tellable.csv.
update fact set review_by = (
  select coalesce(min(case when fact.review_by < d.day then fact.review_by else d.day end), fact.review_by) from (select case
    when fact.variable = 'council_tax_benefit_reported' or fact.variable = 'housing_benefit_reported' and fact.source = 'decision' then
      case when fact.from_day < u.sixth - case when fact.variable = 'housing_benefit_reported' then 11 else 5 end then u.sixth - 6 end
    when fact.variable = 'housing_benefit_reported' and fact.from_day < u.sixth - 5 then u.sixth - 6
    when fact.from_day < u.rises and fact.from_day <> u.sixth then u.rises - 1 end as day from (
    select 7400 as sixth, 7403 as rises union all select 7765, 7767 union all select 8131, 8131 union all select 8496, 8502 union all select 8861, 8866 union
    all select 9226, 9230 union all select 9592, 9594 union all select 9957, 9958 union all select 10322, 10322 union all select 10687, 10693 union all select
    11053, 11057 union all select 11418, 11421 union all select 11783, 11785 union all select 12148, 12149 union all select 12514, 12520 union all select
    12879, 12884 union all select 13244, 13248 union all select 13609, 13612 union all select 13975, 13976 union all select 14340, 14340 union all select
    14705, 14711 union all select 15070, 15075 union all select 15436, 15439 union all select 15801, 15803 union all select 16166, 16167 union all select
    16531, 16531 union all select 16897, 16902 union all select 17262, 17266 union all select 17627, 17630 union all select 17992, 17994 union all select
    18358, 18358 union all select 18723, 18729 union all select 19088, 19093 union all select 19453, 19457 union all select 19819, 19821 union all select
    20184, 20185 union all select 20549, 20549 union all select 20914, 20920 union all select 21280, 21284 union all select 21645, 21648 union all select
    22010, 22012 union all select 22375, 22376 union all select 22741, 22747 union all select 23106, 23111 union all select 23471, 23475 union all select
    23836, 23839 union all select 24202, 24203 union all select 24567, 24567 union all select 24932, 24938 union all select 25297, 25302 union all select
    25663, 25666
  ) u) d)
where value is not null and value <> '0.00' and from_day < 25663 and variable in (
    'state_pension_reported', 'statutory_sick_pay', 'statutory_maternity_pay', 'statutory_paternity_pay', 'jsa_contrib_reported', 'esa_contrib_reported',
    'carers_allowance_reported', 'maternity_allowance_reported', 'iidb_reported', 'child_benefit_reported', 'universal_credit_reported',
    'housing_benefit_reported', 'pension_credit_reported', 'council_tax_benefit_reported', 'esa_income_reported', 'income_support_reported',
    'jsa_income_reported'
  );
