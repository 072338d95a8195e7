-- What keeps records back comes first in lists of what to mend, which are read a page at a time.
CREATE INDEX faults_gravity ON faults (grave DESC, record);
