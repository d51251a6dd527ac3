# Durations and dates
span-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
