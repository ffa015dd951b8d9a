# SPDX-License-Identifier: AGPL-3.0-or-later
# The seed policy as somebody might want it next: other limits, and a quota per person and per organisation.
s/at_most: 2$/at_most: 4/
s/at_most: 50%/at_most: 40%/
s/project: 40, sharing: 40, human: 20/project: 30, sharing: 40, human: 30/
/^exceptions:/i\
  - id: many-faces\
    kind: quota\
    label: {fr: "Vingt-cinq sujets humains par personne par semaine.", en: "Twenty-five human subjects per person a week."}\
    when: {stance: [organisation, hosted]}\
    count: {human: any}\
    at_most: 25\
    window: 7 days\
    per: person\
    then: approve\
  - id: sold-out\
    kind: quota\
    label: {fr: "Un cinquième de publicité au plus.", en: "A fifth of advertising at most."}\
    when: {stance: organisation}\
    count: {interest: commercial}\
    at_most: 1/5\
    window: 14 days\
    min_posts: 6\
    per: organisation\
    then: warn\

