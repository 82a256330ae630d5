"""SKIP: from project status to agenda, minutes and calendar.

The map of the house. Delivery (``main``, ``cli``, ``web``, ``api``) shows screens and answers programs. Domain packages
(``people``, ``projects``, ``bodies``, ``meetings``, ``agenda``, ``attendance``, ``decisions``, ``actions``,
``circulars``, ``minutes``, ``drafting``) hold the rules, each on the same five shelves: ``models`` <- ``schemas`` <-
``rules`` <- ``queries`` <- ``service``. ``documents`` and ``calendars`` turn plain values into bytes. ``access`` says
who somebody is on a date, ``visibility`` what such a person may see. Below lie the tools that everybody uses: ``db``,
``storage``, ``templating``, ``config``, ``errors``, ``clock``, ``text``, ``actor``. Packages import downwards only;
``pyproject.toml`` holds the list and import-linter guards it.
"""
