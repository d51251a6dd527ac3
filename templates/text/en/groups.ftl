# The administrators’ pages about groups.
groups-title = Groups
groups-lead = An application can be open to some groups only. Whoever leaves a group cannot sign in any more to what it opened; an application they are in may keep them until it asks again.
groups-none = There are no groups yet. Make one, then choose it where an application asks who may use it.
groups-back = Back to the groups
group-members = People
group-count = { $count ->
    [0] Nobody
    [one] One person
   *[other] { $count } people
}
group-apps = Opens
group-no-apps = No application
group-opens = Opens { $apps }
group-new-title = Make a group
group-new-button = Make the group
group-name-hint = At most 60 characters, for example: Warehouse
group-rename-title = Another name for { $name }
group-rename-lead = Its people stay in it, and the applications open to it stay open.
group-rename-button = Save the name
group-delete-title = Remove { $name }?
group-delete-lead = { $count ->
    [0] Nobody is in it, and no application is open to it.
    [one] One person is in it and will not be any more. No application is open to it, so they lose nothing else.
   *[other] { $count } people are in it and will not be any more. No application is open to it, so they lose nothing else.
}
group-delete-in-use = These applications are open to it, so it stays:
group-delete-first = First change who may use them, on the page of each application.
group-delete-button = Remove the group
person-groups-title = Groups of { $name }
person-groups-lead = What a group opens is open to them from the next moment on; what no group of theirs opens lets them sign in no more. An application they are in may keep them until it asks again.
person-groups-button = Save the groups
done-group-made = The group was made. Nobody is in it yet.
done-group-deleted = The group was removed.
done-groups-changed = The groups were saved.
error-group-name = Enter a name of at most 60 characters, on one line, with nothing invisible and no two alphabets in one word
error-group-taken = Choose another name: a group has this one, or one that looks like it
error-group-in-use = An application was opened to it meanwhile, so nothing was removed
