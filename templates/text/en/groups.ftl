# The administrators’ pages about groups.
groups-title = Groups
groups-lead = Use groups to limit who can use an application. People who leave a group lose access at their next sign-in. An application they are signed in to may keep them signed in until it asks again.
groups-none = There are no groups yet. Create a group, then choose it in an application’s access settings.
groups-back = Back to Groups
group-members = People
group-count = { $count ->
    [0] No one
    [one] 1 person
   *[other] { $count } people
}
group-apps = Gives access to
group-no-apps = Nothing yet
group-opens = Gives access to { $apps }
group-new-title = Create a group
group-new-button = Create group
group-name-hint = At most 60 characters. For example: Warehouse.
group-rename-title = Rename { $name }
group-rename-lead = Its members stay in it and keep their access.
group-rename-button = Save name
group-delete = Delete <span class="for-readers">{ $name }</span>
group-delete-title = Delete { $name }?
group-delete-lead = { $count ->
    [0] The group is empty and gives access to no application.
    [one] 1 person will be removed from it. No one loses access to any application.
   *[other] { $count } people will be removed from it. No one loses access to any application.
}
group-delete-in-use = You can’t delete this group yet. It gives access to:
group-delete-first = First change who may use them, on each application’s page.
group-delete-button = Delete group
person-groups-title = Groups of { $name }
person-groups-lead = Access changes apply at the next sign-in. An application they are signed in to may keep them signed in until it asks again.
person-groups-button = Save groups
done-group-made = Group created. No one is in it yet.
done-group-deleted = Group deleted.
done-groups-changed = Groups saved.
error-group-name = Enter a name of at most 60 characters on one line. Use no hidden characters, and don’t mix alphabets within a word
error-group-taken = A group with this or a similar name already exists
error-group-in-use = Meanwhile the group was given access to an application, so it wasn’t deleted
