# A difference of a hundred times is sure, and so is a run that takes longer than a nanosecond.
unslow time -d 4s 'sum(range(20))' 'sum(range(20000))' --fail-on 'wall>+50%' > /dev/null; echo $?
unslow time -d 4s 'sum(range(20))' 'sum(range(20000))' --fail-on 'cpu>1h, wall<-50%' > /dev/null; echo $?
unslow time -d 1s 'sum(range(20))' --fail-on 'wall>1ns' > /dev/null; echo $?
